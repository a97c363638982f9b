// SPDX-License-Identifier: MPL-2.0
// Where a failed issuance is shown: at the certificate's own attributes only if they are to blame.
#include "resources/certificate/issue.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/resources/certificate/lab.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/settings.h"

namespace resources::certificate {
namespace {

using schema::cty::Value;
using tests::FakeCore;
using tests::HandlerTransport;
using tests::Outcome;

class IssueCertificateTest : public tests::CertificateLab {
 protected:
  void OfferProfile(const std::string& name) {
    server->behaviour.profiles = {name};
    StartRun({});  // which reads the directory again
  }

  std::string PathOfFailure(const Outcome& outcome) const {
    if (outcome.diagnostics.items().empty()) return "no diagnostic";
    const auto& path = outcome.diagnostics.items().front().path;
    return path ? path->ToText() : "no path";
  }

  Value WithProfile(const FakeCore& core, const std::string& ca, std::string profile) const {
    return core.Config({{"external_ca", Value::String(ca)},
                        {"dns_names", Value::Set(schema::cty::Type::String(), {Value::String("www.example.test")})},
                        {"profile", Value::String(std::move(profile))}});
  }
};

// Terraform pointed at the certificate's ACME `profile` when Route 53 refused the AWS connection's `profile`.
TEST_F(IssueCertificateTest, TheConnectionsProfileIsNotTheCertificates) {
  OfferProfile("classic");
  const std::string credentials = (folder.path() / "credentials").string();
  std::ofstream(credentials) << "[prod]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n";
  const tests::ScopedVariable file("AWS_SHARED_CREDENTIALS_FILE", credentials);
  context.http = std::make_shared<HandlerTransport>([](const base::Call&, const base::http::Request&) {
    return base::http::Response{.status = 403,
                                .headers = {},
                                .body =
                                    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User prod is "
                                    "not authorized</Message></Error></ErrorResponse>"};
  });
  FakeCore core(*resource, context, clock);

  const Outcome outcome = core.Apply(WithProfile(
      core,
      CaHandle({.kind = "aws",
                .id = "dns",
                .settings = tests::ConnectionSettings(
                    "aws", {{"profile", "prod"}, {"region", "us-east-1"}, {"endpoint_url", "https://route53.test"}})}),
      "classic"));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_NE(outcome.ToText().find("AccessDenied"), std::string::npos) << outcome.ToText();
  EXPECT_EQ(PathOfFailure(outcome), "external_ca");
}

TEST_F(IssueCertificateTest, AProfileThatTheCaLacksIsShownAtTheProfile) {
  OfferProfile("classic");
  FakeCore core(*resource, context, clock);

  const Outcome outcome = core.Apply(WithProfile(core, CaHandle(), "no-such-profile"));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(PathOfFailure(outcome), "profile") << outcome.ToText();
}

TEST_F(IssueCertificateTest, AnInternationalNameIsOrderedAsALabel) {
  FakeCore core(*resource, context, clock);

  const Outcome outcome = core.Apply(Config(core, {"Bücher.example.test", "*.bücher.example.test"}));

  const Value::Elements ordered = {Value::String("*.xn--bcher-kva.example.test"), Value::String("xn--bcher-kva.example.test")};
  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_EQ(core.state().Get("dns_names_ascii"), Value::Set(schema::cty::Type::String(), ordered));
  const auto chain = base::crypto::ParseChain(core.state().Get("certificate_pem").AsString());
  EXPECT_EQ(chain->front().dns_names.size(), 2U);
}

// DigitalOcean's id for a refused token is "unauthorized", as is ACME's type for a failed validation.
TEST_F(IssueCertificateTest, AVendorsUnauthorizedIsNotTheCas) {
  context.http = std::make_shared<HandlerTransport>([](const base::Call&, const base::http::Request&) {
    return base::http::Response{
        .status = 401, .headers = {}, .body = R"({"id":"unauthorized","message":"Unable to authenticate you"})"};
  });
  FakeCore core(*resource, context, clock);

  const Outcome outcome = core.Apply(core.Config(
      {{"external_ca",
        Value::String(CaHandle({.kind = "digitalocean",
                                .id = "dns",
                                .settings = tests::ConnectionSettings("digitalocean", {{"api_token", base::Secret("token")}})}))},
       {"dns_names", Value::Set(schema::cty::Type::String(), {Value::String("www.example.test")})}}));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_NE(outcome.ToText().find("Unable to authenticate you"), std::string::npos) << outcome.ToText();
  EXPECT_EQ(PathOfFailure(outcome), "external_ca");
}

}  // namespace
}  // namespace resources::certificate
