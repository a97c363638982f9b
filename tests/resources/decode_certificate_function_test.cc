// SPDX-License-Identifier: MPL-2.0
#include "resources/decode_certificate_function.h"

#include <gtest/gtest.h>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "tests/support/test_certificate.h"

namespace resources {
namespace {

using schema::cty::Type;
using schema::cty::Value;

base::Result<Value> Decode(const std::string& pem) {
  const Value argument = Value::String(pem);
  return DecodeCertificate().call({&argument, 1});
}

TEST(DecodeCertificate, TellsWhatTheCertificateSays) {
  const auto made =
      tests::MakeTestCertificate({.common_name = "a.test", .dns_names = {"a.test", "*.a.test"}, .serial = "\x01\xff"});

  const auto facts = Decode(made.pem);

  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->Get("dns_names"), Value::List(Type::String(), {Value::String("a.test"), Value::String("*.a.test")}));
  EXPECT_EQ(facts->Get("subject").AsString(), "CN=a.test");
  EXPECT_EQ(facts->Get("common_name").AsString(), "a.test");
  EXPECT_EQ(facts->Get("issuer").AsString(), "CN=a.test");
  EXPECT_EQ(facts->Get("serial_number").AsString(), "01ff");
  EXPECT_EQ(facts->Get("not_before").AsString(), "2025-12-29T09:20:00Z");
  EXPECT_EQ(facts->Get("not_after").AsString(), "2026-03-29T09:20:00Z");
  EXPECT_EQ(facts->Get("key_algorithm").AsString(), "EC_P256");
  const std::string der = base::crypto::ParseChain(made.pem)->front().der;
  EXPECT_EQ(facts->Get("fingerprint_sha1").AsString(), base::Hex(base::crypto::Digest(base::crypto::Hash::kSha1, der)));
  EXPECT_EQ(facts->Get("fingerprint_sha256").AsString(), base::Hex(base::crypto::Sha256(der)));
  EXPECT_FALSE(facts->Get("is_ca").AsBool());
}

TEST(DecodeCertificate, IsOfTheTypeThatItDeclares) {
  const auto facts = Decode(tests::MakeTestCertificate({}).pem);

  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->type(), DecodeCertificate().result);
  EXPECT_EQ(facts->Get("subject").AsString(), "");
  EXPECT_TRUE(facts->Get("common_name").is_null());
}

TEST(DecodeCertificate, ReadsTheFirstOfAChain) {
  const auto ca = tests::MakeTestCertificate({.common_name = "CA", .is_ca = true});
  const auto leaf = tests::MakeTestCertificate({.common_name = "leaf", .issuer = &ca});

  EXPECT_EQ(Decode(leaf.pem + ca.pem)->Get("subject").AsString(), "CN=leaf");
  EXPECT_TRUE(Decode(ca.pem)->Get("is_ca").AsBool());
}

TEST(DecodeCertificate, RefusesWhatIsNoCertificate) {
  const auto facts = Decode("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().kind, base::ErrorKind::kInvalid);
}

}  // namespace
}  // namespace resources
