// SPDX-License-Identifier: MPL-2.0
// Certificates of other origin: imported from files or another state, and moved from acme_certificate. No CA is asked for
// anything.
#include "resources/certificate/import.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "resources/certificate/certificate.h"
#include "resources/sealed/payload.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_certificate.h"

namespace resources::certificate {
namespace {

using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::CaPayload;
using sealed::OpenCertificate;
using sealed::SealCa;
using sealed::SealCertificate;
using sealed::Sealer;
using tests::Action;
using tests::FakeCore;
using tests::Outcome;

class CertificateArrivalTest : public testing::Test {
 protected:
  // What the user declares; it asks for what the certificate has.
  Value Config(Value::Members more = {}) const {
    more.try_emplace("dns_names", Value::Set(Type::String(), {Value::String("a.test"), Value::String("*.a.test")}));
    more.try_emplace("external_ca", Value::String(ca_handle_));
    return core_.Config(std::move(more));
  }

  MoveRequest AcmeCertificate() const {
    const nlohmann::json state = {{"id", "6d1d9cc5"},
                                  {"account_key_pem", "not needed"},
                                  {"certificate_pem", leaf_.pem},
                                  {"issuer_pem", ca_.pem},
                                  {"private_key_pem", std::string(leaf_.key.ToPem().Reveal())},
                                  {"common_name", "a.test"},
                                  {"preferred_chain", ""},
                                  {"profile", "classic"},
                                  {"dns_challenge", {{{"provider", "route53"}, {"config", {{"AWS_SECRET_ACCESS_KEY", "x"}}}}}}};
    return {.source_type = "acme_certificate", .source_json = state.dump()};
  }

  // No secret, in the state or beside it, and the certificate is the one that came.
  void ExpectSealed() {
    const Value& state = core_.state();
    ASSERT_TRUE(state.Get("handle").is_known());
    const auto opened = OpenCertificate(parts_.context.sealer, state.Get("handle").AsString());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->private_key_pem, leaf_.key.ToPem());
    EXPECT_EQ(opened->full_chain_pem, leaf_.pem + ca_.pem);
    EXPECT_TRUE(state.Get("private_key_pem").is_null());
    EXPECT_EQ(core_.private_data().find("PRIVATE KEY"), std::string::npos);
    EXPECT_EQ(state.Get("certificate_pem").AsString(), leaf_.pem);
  }

  // The first apply takes the configuration over without a request; FakeCore sees that the plan after it is empty.
  void ExpectSettles(const Value& config) {
    const Outcome applied = core_.Apply(config);
    EXPECT_EQ(applied.ToText(), "action: update\n");
    EXPECT_EQ(core_.state().Get("external_ca"), Value::String(ca_handle_));
    ExpectSealed();
  }

  Value WithCsr(const std::string& csr_pem) const {
    return Config({{"csr_pem", Value::String(csr_pem)}, {"dns_names", Value::Null(Type::Set(Type::String()))}});
  }

  // The same for a certificate whose key is elsewhere; the request is written another way than where it came from.
  void ExpectSettlesWithoutKey() {
    const Outcome applied = core_.Apply(WithCsr("Made by openssl.\n" + csr_));
    EXPECT_EQ(applied.ToText(), "action: update\n");
    EXPECT_EQ(core_.state().Get("certificate_pem").AsString(), leaf_.pem);
    EXPECT_TRUE(core_.state().Get("key_algorithm").is_null());
  }

  tests::TestContext parts_;
  tests::TempDir folder_;
  tests::TestCertificate ca_ = tests::MakeTestCertificate({.common_name = "CA", .is_ca = true});
  tests::TestCertificate leaf_ = tests::MakeTestCertificate({.common_name = "a.test",
                                                             .dns_names = {"a.test", "*.a.test"},
                                                             .not_before = parts_.clock.Now() - std::chrono::hours(1),
                                                             .not_after = parts_.clock.Now() + std::chrono::hours(24 * 90),
                                                             .issuer = &ca_});
  std::string csr_ = tests::MakeTestCsr(leaf_.key, {"a.test", "*.a.test"});
  std::string ca_handle_ = [this] {
    CaPayload payload;
    payload.directory_url = "https://ca.test/dir";
    payload.account_url = "https://ca.test/account/1";
    return *SealCa(parts_.context.sealer, payload);
  }();
  std::unique_ptr<Resource> resource_ = MakeCertificate();
  FakeCore core_{*resource_, parts_.context, parts_.clock};
};

TEST_F(CertificateArrivalTest, ImportsFromOneFileAndIssuesNothing) {
  folder_.Write("web.pem", std::string(leaf_.key.ToPem().Reveal()) + leaf_.pem + ca_.pem);

  EXPECT_EQ(core_.Import(folder_ / "web.pem").ToText(), "action: no change\n");

  ExpectSealed();
  ExpectSettles(Config());
}

TEST_F(CertificateArrivalTest, ImportsFromTheFilesOfCertbot) {
  folder_.Write("fullchain.pem", leaf_.pem + ca_.pem);
  folder_.Write("privkey.pem", std::string(leaf_.key.ToPem().Reveal()));

  const Outcome imported = core_.Import((folder_ / "fullchain.pem") + ", " + (folder_ / "privkey.pem"));

  EXPECT_EQ(imported.ToText(), "action: no change\n");
  ExpectSettles(Config({{"common_name", Value::String("a.test")}}));
}

TEST_F(CertificateArrivalTest, ImportsAHandleAndKeepsItsId) {
  const std::string handle =
      *SealCertificate(parts_.context.sealer,
                       {.certificate_id = "0123", .full_chain_pem = leaf_.pem + ca_.pem, .private_key_pem = leaf_.key.ToPem()});

  EXPECT_EQ(core_.Import(handle).ToText(), "action: no change\n");

  EXPECT_EQ(core_.state().Get("certificate_id"), Value::String("0123"));
  ExpectSettles(Config());
}

TEST_F(CertificateArrivalTest, ImportSaysWhatIsWrongWithTheFiles) {
  folder_.Write("chain.pem", leaf_.pem);

  const Outcome no_key = core_.Import(folder_ / "chain.pem");
  const Outcome no_file = core_.Import(folder_ / "none.pem");

  ASSERT_TRUE(no_key.has_failed());
  EXPECT_NE(no_key.ToText().find("There is no private key"), std::string::npos) << no_key.ToText();
  ASSERT_TRUE(no_file.has_failed());
  EXPECT_NE(no_file.ToText().find("none.pem cannot be read"), std::string::npos) << no_file.ToText();
}

TEST_F(CertificateArrivalTest, TakesTheConfiguredCaForItsOwnWhenItIsKnownAtApply) {
  ASSERT_FALSE(core_.Move(AcmeCertificate()).has_failed());

  const Outcome applied = core_.Apply(Config({{"external_ca", Value::Unknown(Type::String())}}), Config());

  EXPECT_EQ(applied.ToText(), "action: update\n");
  ExpectSealed();
}

TEST_F(CertificateArrivalTest, MovesWithTheKeyOfTheEnvironment) {
  const tests::ScopedVariable key("CERTWRIGHT_SEALING_KEY", base::Base64(std::string(32, 'a')));

  const auto moved = resource_->Move(AcmeCertificate());

  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->stored.private_data, "");
  EXPECT_TRUE(moved->stored.state.Get("handle").is_known());
  ASSERT_FALSE(core_.Move(AcmeCertificate()).has_failed());
  ExpectSealed();
  ExpectSettles(Config({{"common_name", Value::String("a.test")}}));
}

TEST_F(CertificateArrivalTest, MovesWithoutAKeyAndIsSealedByTheRead) {
  const Outcome moved = core_.Move(AcmeCertificate());

  EXPECT_FALSE(moved.has_failed()) << moved.ToText();
  EXPECT_NE(moved.ToText().find("What is moved is not sealed yet"), std::string::npos) << moved.ToText();
  ExpectSealed();
  ExpectSettles(Config());
}

TEST_F(CertificateArrivalTest, WithoutARefreshNothingIsPlannedBeforeItIsSealed) {
  ASSERT_FALSE(core_.Move(AcmeCertificate(), FakeCore::Refreshing::kSkipped).has_failed());

  const Outcome refused = core_.Plan(Config());

  ASSERT_TRUE(refused.has_failed());
  EXPECT_NE(refused.ToText().find("plan without -refresh=false, or set CERTWRIGHT_SEALING_KEY"), std::string::npos)
      << refused.ToText();
}

TEST_F(CertificateArrivalTest, KeepsNoUnsealedKeyWhileTheSealingKeyIsUnknown) {
  parts_.context.sealer = Sealer::Unknown();

  const Outcome moved = core_.Move(AcmeCertificate());

  ASSERT_TRUE(moved.has_failed());
  EXPECT_NE(moved.ToText().find("CERTWRIGHT_SEALING_KEY"), std::string::npos) << moved.ToText();
}

TEST_F(CertificateArrivalTest, IsTheSameAtEachPlan) {
  ASSERT_FALSE(core_.Move(AcmeCertificate()).has_failed());
  const Value first = core_.state();

  ASSERT_FALSE(core_.Move(AcmeCertificate()).has_failed());

  EXPECT_EQ(core_.state(), first);
}

TEST_F(CertificateArrivalTest, OtherNamesAreIssued) {
  ASSERT_FALSE(core_.Move(AcmeCertificate()).has_failed());

  const Outcome planned = core_.Plan(Config({{"dns_names", Value::Set(Type::String(), {Value::String("b.test")})}}));

  EXPECT_EQ(planned.ToText(), "action: update\n");
  EXPECT_TRUE(planned.planned.Get("certificate_pem").is_unknown());
}

// The certificate has the A-label, the configuration what people read: the first version kept planning an update.
TEST_F(CertificateArrivalTest, AnInternationalNameIsTheOneInTheCertificate) {
  leaf_ = tests::MakeTestCertificate({.common_name = "xn--bcher-kva.test",
                                      .dns_names = {"xn--bcher-kva.test"},
                                      .not_before = parts_.clock.Now() - std::chrono::hours(1),
                                      .not_after = parts_.clock.Now() + std::chrono::hours(24 * 90),
                                      .issuer = &ca_});
  folder_.Write("web.pem", std::string(leaf_.key.ToPem().Reveal()) + leaf_.pem + ca_.pem);
  core_.Import(folder_ / "web.pem");

  ExpectSettles(Config({{"dns_names", Value::Set(Type::String(), {Value::String("Bücher.test")})}}));

  EXPECT_EQ(core_.state().Get("dns_names"), Value::Set(Type::String(), {Value::String("xn--bcher-kva.test")}));
}

TEST_F(CertificateArrivalTest, WishesAreForTheNextRenewal) {
  ASSERT_FALSE(core_.Move(AcmeCertificate()).has_failed());

  ExpectSettles(Config({{"profile", Value::String("classic")},
                        {"preferred_chain", Value::String("Root")},
                        {"validity", Value::String("30d")},
                        {"renew_before", Value::String("30%")}}));
}

// A plan that renews would else be the first to say that a connection is missing.
TEST_F(CertificateArrivalTest, AMoveSaysWhatTakesThePlaceOfTheDnsChallenge) {
  const ImportResult moved = *resource_->Move(AcmeCertificate());

  const auto warnings = moved.diagnostics.items();
  ASSERT_FALSE(warnings.empty());
  EXPECT_EQ(warnings.back().summary, "The DNS challenge is not moved");
  EXPECT_NE(warnings.back().detail.find("the provider `route53`, use `certwright_app_connection_aws`; `AWS_ACCESS_KEY_ID` is "
                                        "`access_key_id`"),
            std::string::npos)
      << warnings.back().detail;
}

TEST_F(CertificateArrivalTest, AnotherCommonNameIsIssued) {
  ASSERT_FALSE(core_.Move(AcmeCertificate()).has_failed());

  EXPECT_TRUE(core_.Plan(Config({{"common_name", Value::String("*.a.test")}})).planned.Get("certificate_pem").is_unknown());
}

TEST_F(CertificateArrivalTest, WhatIsDueIsRenewedAtTheConfiguredCa) {
  ASSERT_FALSE(core_.Move(AcmeCertificate()).has_failed());
  parts_.clock.Advance(std::chrono::hours(24 * 89));

  EXPECT_TRUE(core_.Plan(Config()).planned.Get("certificate_pem").is_unknown());
}

TEST_F(CertificateArrivalTest, ImportsWithTheSigningRequestOfAKeyThatIsElsewhere) {
  folder_.Write("web.pem", leaf_.pem + ca_.pem);
  folder_.Write("web.csr", csr_);

  EXPECT_EQ(core_.Import((folder_ / "web.pem") + "," + (folder_ / "web.csr")).ToText(), "action: no change\n");

  EXPECT_EQ(core_.state().Get("csr_pem"), Value::String(csr_));
  EXPECT_EQ(OpenCertificate(parts_.context.sealer, core_.state().Get("handle").AsString())->private_key_pem, base::Secret());
  ExpectSettlesWithoutKey();
}

TEST_F(CertificateArrivalTest, ImportsAHandleWithoutAKey) {
  const std::string handle = *SealCertificate(
      parts_.context.sealer, {.certificate_id = "0123", .full_chain_pem = leaf_.pem + ca_.pem, .private_key_pem = {}});

  EXPECT_EQ(core_.Import(handle).ToText(), "action: no change\n");

  EXPECT_EQ(core_.state().Get("certificate_id"), Value::String("0123"));
  ExpectSettlesWithoutKey();
}

TEST_F(CertificateArrivalTest, MovesWithTheSigningRequestOfAKeyThatIsElsewhere) {
  nlohmann::json state = nlohmann::json::parse(AcmeCertificate().source_json);
  state["private_key_pem"] = "";
  state["certificate_request_pem"] = csr_;

  EXPECT_FALSE(core_.Move({.source_type = "acme_certificate", .source_json = state.dump()}).has_failed());

  ExpectSettlesWithoutKey();
}

TEST_F(CertificateArrivalTest, AnotherSigningRequestOrNoneIsIssued) {
  folder_.Write("web.pem", leaf_.pem + ca_.pem + csr_);
  ASSERT_FALSE(core_.Import(folder_ / "web.pem").has_failed());
  const auto other_key = base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);

  EXPECT_FALSE(core_.Plan(WithCsr(csr_)).planned.Get("certificate_pem").is_unknown());
  EXPECT_TRUE(core_.Plan(WithCsr(tests::MakeTestCsr(leaf_.key, {"a.test"}))).planned.Get("certificate_pem").is_unknown());
  EXPECT_TRUE(
      core_.Plan(WithCsr(tests::MakeTestCsr(*other_key, {"a.test", "*.a.test"}))).planned.Get("certificate_pem").is_unknown());
  EXPECT_TRUE(core_.Plan(Config()).planned.Get("certificate_pem").is_unknown());
}

TEST_F(CertificateArrivalTest, RefusesToMoveWhatHasNeitherKeyNorSigningRequest) {
  const Outcome moved = core_.Move({.source_type = "acme_certificate", .source_json = R"({"private_key_pem":""})"});

  ASSERT_TRUE(moved.has_failed());
  EXPECT_NE(moved.ToText().find("There is no private key"), std::string::npos) << moved.ToText();
}

TEST_F(CertificateArrivalTest, MovesFromNoOtherType) {
  EXPECT_FALSE(resource_->Move({.source_type = "tls_private_key", .source_json = "{}"}));
}

}  // namespace
}  // namespace resources::certificate
