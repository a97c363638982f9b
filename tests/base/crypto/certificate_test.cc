// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "tests/support/test_certificate.h"

namespace base::crypto {
namespace {

using testing::HasSubstr;
using tests::MakeTestCertificate;
using tests::TestCertificate;

std::string Refusal(std::string_view pem) {
  const auto chain = ParseChain(pem);
  if (chain) return Cat("accepted ", chain->size());
  EXPECT_EQ(chain.error().kind, ErrorKind::kInvalid);
  return chain.error().message;
}

Certificate Only(const TestCertificate& made) {
  auto chain = ParseChain(made.pem);
  EXPECT_TRUE(chain.ok() && chain->size() == 1) << made.pem;
  return chain ? chain->front() : Certificate{};
}

std::string Block(std::string_view label, std::string_view bytes) {
  return Cat("-----BEGIN ", label, "-----\n", Base64(bytes).substr(0, 64), "\n-----END ", label, "-----\n");
}

const TestCertificate& Root() {
  static const TestCertificate root = MakeTestCertificate({.common_name = "Test Root", .is_ca = true});
  return root;
}

TEST(ParseChain, ReadsEveryField) {
  const TestCertificate made = MakeTestCertificate({.common_name = "Example.test",
                                                    .dns_names = {"Example.TEST", "*.example.test"},
                                                    .serial = "\x0a\x0b",
                                                    .not_before = TimePoint(std::chrono::seconds(1'767'323'045)),
                                                    .not_after = TimePoint(std::chrono::seconds(1'775'099'044)),
                                                    .issuer = &Root()});

  const auto chain = ParseChain(made.pem + Root().pem);

  ASSERT_TRUE(chain.ok());
  ASSERT_EQ(chain->size(), 2U);
  const Certificate& leaf = chain->front();
  EXPECT_EQ(leaf.pem, made.pem);
  EXPECT_EQ(leaf.subject_common_name, "Example.test");
  EXPECT_EQ(leaf.issuer, "CN=Test Root");
  EXPECT_EQ(leaf.issuer_common_name, "Test Root");
  EXPECT_EQ(leaf.dns_names, (std::vector<std::string>{"example.test", "*.example.test"}));
  EXPECT_EQ(leaf.serial_number, "0a0b");
  EXPECT_EQ(leaf.not_before, TimePoint(std::chrono::seconds(1'767'323'045)));
  EXPECT_EQ(leaf.not_after, TimePoint(std::chrono::seconds(1'775'099'044)));
  EXPECT_EQ(leaf.fingerprint_sha256, Hex(Sha256(leaf.der)));
  EXPECT_EQ(leaf.public_key_der, made.key.PublicKeyDer());
  EXPECT_FALSE(leaf.is_ca);
  EXPECT_FALSE(leaf.is_self_issued);
  EXPECT_TRUE(chain->back().is_ca);
  EXPECT_TRUE(chain->back().is_self_issued);
}

TEST(ParseChain, GivesTheAuthorityKeyIdAsRawBytes) {
  const TestCertificate made = MakeTestCertificate({.dns_names = {"a.test"}, .issuer = &Root()});
  const Certificate root = Only(Root());
  // RFC 5280 section 4.2.1.2, method 1: SHA-1 of the key bits, which are the last 65 bytes for P-256.
  const std::string key_id = Digest(Hash::kSha1, std::string_view(root.public_key_der).substr(root.public_key_der.size() - 65));

  EXPECT_EQ(Only(made).authority_key_id, key_id);
  EXPECT_EQ(root.authority_key_id, "");
}

// Found by fuzzing: such a name went into the state, which takes UTF-8 alone.
TEST(ParseChain, RefusesANameThatIsNoAscii) {
  const std::string der = Only(MakeTestCertificate({.dns_names = {"b.test", "a.test"}})).der;
  for (const char byte : {'\0', ' ', '\xFF'}) {
    std::string altered = der;
    altered[altered.find("a.test") + 1] = byte;

    const auto chain = ParseChain("-----BEGIN CERTIFICATE-----\n" + Base64(altered) + "\n-----END CERTIFICATE-----\n");

    ASSERT_FALSE(chain) << static_cast<int>(byte);
    EXPECT_EQ(chain.error().message, "certificate 1 of the chain has an alternative name that is no DNS name");
  }
}

// Found by fuzzing: OpenSSL writes such a signature otherwise than it reads it.
TEST(ParseChain, KeepsTheBytesOfWhatIsNotQuiteDer) {
  std::string der = Only(MakeTestCertificate({.dns_names = {"a.test"}})).der;
  // The signature, at the end, is a BIT STRING of some seventy bytes: now its last two bits are unused, and not zero.
  std::size_t length = 64;
  while (der.substr(der.size() - length - 2, 3) != std::string{'\x03', static_cast<char>(length), '\0'}) ++length;
  der[der.size() - length] = 2;
  der.back() = static_cast<char>(der.back() | 3);

  const auto chain = ParseChain("-----BEGIN CERTIFICATE-----\n" + Base64(der) + "\n-----END CERTIFICATE-----\n");

  ASSERT_TRUE(chain) << chain.error().message;
  EXPECT_EQ(chain->front().der, der);
  EXPECT_EQ(ParseChain(chain->front().pem)->front().der, der);
}

TEST(ParseChain, KeepsALeadingZeroOfTheSerialNumber) {
  EXPECT_EQ(Only(MakeTestCertificate({.dns_names = {"a.test"}, .serial = "\x87\x65"})).serial_number, "008765");
  EXPECT_EQ(Only(MakeTestCertificate({.dns_names = {"a.test"}, .serial = "\x07\x65"})).serial_number, "0765");
}

TEST(ParseChain, ReadsOddSerialNumbers) {
  EXPECT_EQ(Only(MakeTestCertificate({.dns_names = {"a.test"}, .serial = "\x05", .negative_serial = true})).serial_number, "fb");
  EXPECT_EQ(Only(MakeTestCertificate({.dns_names = {"a.test"}, .serial = std::string("\0", 1)})).serial_number, "00");
  EXPECT_EQ(Only(MakeTestCertificate({.dns_names = {"a.test"}, .serial = std::string(200, '\x7f')})).serial_number.size(), 400U);
}

TEST(ParseChain, ReadsACertificateWithoutSubjectAndNames) {
  const Certificate bare = Only(MakeTestCertificate({.issuer = &Root()}));

  EXPECT_EQ(bare.subject_common_name, "");
  EXPECT_TRUE(bare.dns_names.empty());
}

TEST(ParseChain, ShowsIssuersOutsideAsciiAsUtf8AndEscapesControls) {
  const TestCertificate root = MakeTestCertificate({.common_name = "R\xc3\xb6\xc3\xb6t, \x1b[31m", .is_ca = true});

  EXPECT_EQ(Only(root).issuer, "CN=R\xc3\xb6\xc3\xb6t\\, \\1B[31m");
}

TEST(ParseChain, BringsFarExpiryIntoTheRangeOfTheClock) {
  // 9999-12-31 does not fit a TimePoint, so it is written into the encoding of a nearer one.
  const Certificate near =
      Only(MakeTestCertificate({.dns_names = {"a.test"}, .not_after = TimePoint(std::chrono::seconds(2'587'593'600))}));
  std::string der = near.der;
  const auto at = der.find("20511231000000Z");
  ASSERT_NE(at, std::string::npos);
  der.replace(at, 15, "99991231235959Z");

  const auto chain = ParseChain(Cat("-----BEGIN CERTIFICATE-----\n", Base64(der), "\n-----END CERTIFICATE-----\n"));

  ASSERT_TRUE(chain.ok());
  EXPECT_EQ(chain->front().not_after, TimePoint(std::chrono::seconds(9'214'646'399)));
}

TEST(ParseChain, AllowsTextAndLineEndsOfAnyKindBetweenBlocks) {
  std::string windows;
  for (const char c : Root().pem) windows.append(c == '\n' ? "\r\n" : std::string(1, c));

  const auto chain = ParseChain("subject=/CN=Test\n\n" + Root().pem + "\n  issuer: nobody\n" + windows + "garbage after\n");

  ASSERT_TRUE(chain.ok());
  ASSERT_EQ(chain->size(), 2U);
  EXPECT_EQ(chain->back().pem, Root().pem);
}

TEST(ParseChain, RefusesTextWithoutCertificate) {
  EXPECT_EQ(Refusal(""), "the text holds no certificate (\"-----BEGIN CERTIFICATE-----\")");
  EXPECT_EQ(Refusal("<html>502</html>"), "the text holds no certificate (\"-----BEGIN CERTIFICATE-----\")");
}

TEST(ParseChain, RefusesEveryCut) {
  const std::string pem = Root().pem + Root().pem;
  const std::size_t first = Root().pem.size();

  for (std::size_t size = 1; size + 1 < pem.size(); ++size) {
    // Cut behind the first block, before the second one shows: nothing can tell that from a shorter chain.
    const bool whole = size + 1 >= first && size < first + std::string_view("-----BEGIN").size();
    EXPECT_EQ(ParseChain(std::string_view(pem).substr(0, size)).ok(), whole) << size;
  }
}

TEST(ParseChain, RefusesOtherKindsOfBlocks) {
  EXPECT_EQ(Refusal(Root().pem + std::string(Root().key.ToPem().Reveal())),
            "certificate 2 of the chain is a block of another kind: PRIVATE KEY");
  EXPECT_EQ(Refusal(Block("CERTIFICATE REQUEST", "x")),
            "certificate 1 of the chain is a block of another kind: CERTIFICATE REQUEST");
}

TEST(ParseChain, RefusesBlocksThatHoldNoCertificate) {
  EXPECT_EQ(Refusal(Block("CERTIFICATE", "hello")), "certificate 1 of the chain is no X.509 certificate");
  EXPECT_EQ(Refusal(Cat("-----BEGIN CERTIFICATE-----\n", Base64(Only(Root()).der + "x"), "\n-----END CERTIFICATE-----\n")),
            "certificate 1 of the chain is no X.509 certificate");
  EXPECT_EQ(Refusal("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"),
            "certificate 1 of the chain is cut off or is no PEM");
}

TEST(ParseChain, RefusesMoreThanTwentyCertificatesOrOneMebibyte) {
  std::string pem;
  for (int i = 0; i < 20; ++i) pem += Root().pem;

  EXPECT_EQ(ParseChain(pem)->size(), 20U);
  EXPECT_EQ(Refusal(pem + Root().pem), "the certificate chain has more than 20 certificates");
  EXPECT_EQ(Refusal(Root().pem + std::string(1024 * 1024, ' ')), "the certificate chain is longer than 1 MiB");
}

}  // namespace
}  // namespace base::crypto
