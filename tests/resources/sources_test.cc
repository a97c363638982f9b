// SPDX-License-Identifier: MPL-2.0
// What opens handles for the user: the ephemeral certificate bundle, and the data source of a handle's facts.
#include <gtest/gtest.h>

#include "resources/certificate/bundle.h"
#include "resources/handle_data_source.h"
#include "resources/sealed/payload.h"
#include "schema/merge.h"
#include "tests/resources/test_context.h"
#include "tests/support/settings.h"
#include "tests/support/test_certificate.h"

namespace resources {
namespace {

using certificate::MakeCertificateBundle;
using schema::cty::Path;
using schema::cty::Value;
using sealed::CaPayload;
using sealed::SealCa;
using sealed::SealCertificate;
using sealed::SealConnection;
using sealed::Sealer;

class SourcesTest : public testing::Test {
 protected:
  Value Read(const Source& source, Value::Members config) {
    diagnostics_ = {};
    const auto type = source.schema().ImpliedType();
    const Value wanted = schema::Merge(source.schema().attributes, Value::ObjectOf(type, std::move(config)), Value::Null(type));
    return source.Read(parts_.clock.Call(), parts_.context, wanted, diagnostics_);
  }
  std::string FirstDetail() const { return diagnostics_.empty() ? "" : diagnostics_.items().front().detail; }
  const Sealer& sealer() const { return parts_.context.sealer; }

  tests::TestContext parts_;
  schema::Diagnostics diagnostics_;
  tests::TestCertificate ca_ = tests::MakeTestCertificate({.common_name = "CA", .is_ca = true});
  tests::TestCertificate leaf_ = tests::MakeTestCertificate({.dns_names = {"a.test"}, .issuer = &ca_});
  std::string handle_ = *SealCertificate(
      sealer(), {.certificate_id = "id-1", .full_chain_pem = leaf_.pem + ca_.pem, .private_key_pem = leaf_.key.ToPem()});
};

TEST_F(SourcesTest, BundleHandsOutKeyAndChain) {
  const Value bundle = Read(*MakeCertificateBundle(), {{"certificate", Value::String(handle_)}});

  ASSERT_FALSE(diagnostics_.HasErrors()) << FirstDetail();
  const std::string key(leaf_.key.ToPem().Reveal());
  EXPECT_TRUE(bundle.is_wholly_known());
  EXPECT_EQ(bundle.Get("certificate").AsString(), handle_);
  EXPECT_EQ(bundle.Get("certificate_id").AsString(), "id-1");
  EXPECT_EQ(bundle.Get("private_key_pem").AsString(), key);
  EXPECT_EQ(bundle.Get("certificate_pem").AsString(), leaf_.pem);
  EXPECT_EQ(bundle.Get("chain_pem").AsString(), ca_.pem);
  EXPECT_EQ(bundle.Get("full_chain_pem").AsString(), leaf_.pem + ca_.pem);
  EXPECT_EQ(bundle.Get("bundle_pem").AsString(), key + leaf_.pem + ca_.pem);
}

TEST_F(SourcesTest, BundleHoldsAPkcs12FileWhenThereIsAPassword) {
  const Value without = Read(*MakeCertificateBundle(), {{"certificate", Value::String(handle_)}});
  const Value with =
      Read(*MakeCertificateBundle(), {{"certificate", Value::String(handle_)}, {"password", Value::String("p4ss")}});

  EXPECT_TRUE(without.Get("pkcs12_base64").is_null());
  ASSERT_FALSE(diagnostics_.HasErrors()) << FirstDetail();
  const auto file = base::FromBase64(with.Get("pkcs12_base64").AsString());
  ASSERT_TRUE(file);
  EXPECT_EQ(file->substr(0, 1), "\x30");
  EXPECT_EQ(with.Get("password").AsString(), "p4ss");
}

TEST_F(SourcesTest, BundleBlamesThePassword) {
  Read(*MakeCertificateBundle(), {{"certificate", Value::String(handle_)}, {"password", Value::String(std::string("a\0b", 3))}});

  ASSERT_TRUE(diagnostics_.HasErrors());
  EXPECT_EQ(diagnostics_.items().front().path, Path::Of("password"));
}

TEST_F(SourcesTest, BundleOfAnotherKeySaysSo) {
  parts_.context.sealer = Sealer::Ready(tests::TestKey('z'), {});

  Read(*MakeCertificateBundle(), {{"certificate", Value::String(handle_)}});

  ASSERT_TRUE(diagnostics_.HasErrors());
  EXPECT_EQ(diagnostics_.items().front().path, Path::Of("certificate"));
  EXPECT_NE(FirstDetail().find("previous_sealing_keys"), std::string::npos) << FirstDetail();
}

TEST_F(SourcesTest, FactsOfACertificate) {
  const Value facts = Read(*MakeHandleFacts(), {{"handle", Value::String(handle_)}});

  ASSERT_FALSE(diagnostics_.HasErrors()) << FirstDetail();
  EXPECT_TRUE(facts.is_wholly_known());
  EXPECT_EQ(facts.Get("kind").AsString(), "certificate");
  EXPECT_EQ(facts.Get("id").AsString(), "id-1");
  EXPECT_EQ(facts.Get("sealing_key_id").AsString(), tests::TestKey('a').id());
  EXPECT_TRUE(facts.Get("is_sealed_with_present_key").AsBool());
  EXPECT_EQ(facts.Get("certificate").Get("dns_names").AsElements().front().AsString(), "a.test");
  EXPECT_TRUE(facts.Get("directory_url").is_null());
}

TEST_F(SourcesTest, FactsOfACaAndOfAConnection) {
  CaPayload ca;
  ca.directory_url = "https://ca.test/dir";
  ca.account_url = "https://ca.test/account/1";
  const std::string connection =
      *SealConnection(sealer(), {.kind = "aws",
                                 .id = "aws-1",
                                 .settings = tests::ConnectionSettings("aws", {{"secret_access_key", base::Secret("canary")}})});

  const Value of_ca = Read(*MakeHandleFacts(), {{"handle", Value::String(*SealCa(sealer(), ca))}});
  const Value of_connection = Read(*MakeHandleFacts(), {{"handle", Value::String(connection)}});

  EXPECT_EQ(of_ca.Get("id").AsString(), "https://ca.test/account/1");
  EXPECT_EQ(of_ca.Get("directory_url").AsString(), "https://ca.test/dir");
  EXPECT_TRUE(of_ca.Get("certificate").is_null());
  EXPECT_EQ(of_connection.Get("id").AsString(), "aws-1");
  EXPECT_EQ(of_connection.Get("connection_kind").AsString(), "aws");
}

TEST_F(SourcesTest, FactsTellAHandleOfAPreviousKey) {
  parts_.context.sealer = Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});

  const Value facts = Read(*MakeHandleFacts(), {{"handle", Value::String(handle_)}});

  EXPECT_FALSE(facts.Get("is_sealed_with_present_key").AsBool());
  EXPECT_EQ(facts.Get("sealing_key_id").AsString(), tests::TestKey('a').id());
}

TEST_F(SourcesTest, FactsRefuseWhatIsNoHandle) {
  for (const std::string& text : {std::string("id-1"), std::string("cw1:other:00:AAAA"), std::string("cw2:other::00:AAAA"),
                                  handle_.substr(0, handle_.size() - 4)}) {
    Read(*MakeHandleFacts(), {{"handle", Value::String(text)}});

    ASSERT_TRUE(diagnostics_.HasErrors()) << text;
    EXPECT_EQ(diagnostics_.items().front().path, Path::Of("handle"));
  }
}

}  // namespace
}  // namespace resources
