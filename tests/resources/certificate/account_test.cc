// SPDX-License-Identifier: MPL-2.0
// Certificates and the account that they are ordered with: one that is gone, and one that a certificate was not ordered with.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/resources/certificate/lab.h"

namespace resources::certificate {
namespace {

using sealed::OpenCa;
using std::chrono::hours;
using tests::FakeCore;
using tests::Outcome;

class CertificateAccountTest : public tests::CertificateLab {};

TEST_F(CertificateAccountTest, AnAccountThatIsGoneIsToldWithTheWayToAnother) {
  const auto ca = OpenCa(context.sealer, CaHandle());
  ASSERT_TRUE(engine::acme::DeactivateAccount(clock.Call(), **context.acme->Get(ca->directory_url, ""),
                                              {ca->account_url, *base::crypto::ParsePrivateKey(ca->account_key_pem)}));
  FakeCore core(*resource, context, clock);

  const Outcome outcome = core.Apply(Config(core, {"www.example.test"}));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path->ToText(), "external_ca");
  EXPECT_NE(outcome.ToText().find("-replace"), std::string::npos) << outcome.ToText();
}

TEST_F(CertificateAccountTest, AnImportedCertificateIsRenewedByTheConfiguredOne) {
  const auto made =
      server->ca().Make({"www.example.test"}, {.not_before = clock.Now() - hours(1), .not_after = clock.Now() + hours(24 * 90)});
  const std::string file = (folder.path() / "www.pem").string();
  std::ofstream(file) << made.key_pem << made.certificate_pem;
  FakeCore core(*resource, context, clock);
  ASSERT_FALSE(core.Import(file).has_failed());
  EXPECT_EQ(core.Apply(Config(core, {"www.example.test"})).ToText(), "action: update\n");
  EXPECT_EQ(server->orders(), 0);
  const Value id = core.state().Get("certificate_id");

  clock.Advance(hours(24 * 80));
  const Outcome renewed = core.Apply(Config(core, {"www.example.test"}));

  EXPECT_EQ(renewed.ToText(), "action: update\n");
  EXPECT_EQ(server->orders(), 1);
  EXPECT_EQ(core.state().Get("certificate_id"), id);
  EXPECT_NE(core.state().Get("certificate_pem"), Value::String(made.certificate_pem));
}

}  // namespace
}  // namespace resources::certificate
