// SPDX-License-Identifier: MPL-2.0
// PKCS #12 files, read back by openssl's own program.
#include "base/crypto/pkcs12.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/environment.h"
#include "base/text.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_bundle.h"

namespace base::crypto {
namespace {

using testing::HasSubstr;

struct Seen {
  int code = 0;
  std::string text;
};

// What `openssl pkcs12` says of the file.
Seen Read(const Secret& file, const std::string& password) {
  const tests::TempDir directory;
  directory.Write("web.p12", std::string(file.Reveal()));
  tests::ChildProcess openssl(
      {"openssl", "pkcs12", "-in", directory / "web.p12", "-passin", Cat("pass:", password), "-noenc", "-info"});
  Seen seen{.code = openssl.Join(), .text = {}};
  seen.text = openssl.output();
  return seen;
}

class MakesPkcs12 : public testing::TestWithParam<std::string> {
 protected:
  const engine::sync::Bundle bundle_ = tests::MakeTestBundle("0123456789abcdef0123456789abcdef");
  const PrivateKey key_ = *ParsePrivateKey(bundle_.private_key_pem);
};

TEST_P(MakesPkcs12, HoldsKeyLeafAndIssuerUnderOneName) {
  const auto file = MakePkcs12(bundle_.chain, key_, Secret(GetParam()), "web");
  ASSERT_TRUE(file) << file.error().message;

  const Seen seen = Read(*file, GetParam());

  ASSERT_EQ(seen.code, 0) << seen.text;
  EXPECT_THAT(seen.text, HasSubstr(std::string(bundle_.private_key_pem.Reveal())));
  for (const Certificate& one : bundle_.chain) EXPECT_THAT(seen.text, HasSubstr(one.pem));
  EXPECT_THAT(seen.text, HasSubstr("friendlyName: web"));
  EXPECT_THAT(seen.text, HasSubstr("MAC: sha256"));
  EXPECT_THAT(seen.text, HasSubstr("AES-256-CBC"));
}

INSTANTIATE_TEST_SUITE_P(Passwords, MakesPkcs12, testing::Values("", "correct horse"));

TEST_F(MakesPkcs12, AnotherPasswordOpensNothing) {
  const auto file = MakePkcs12(bundle_.chain, key_, Secret("right"), "");

  EXPECT_NE(Read(*file, "wrong").code, 0);
}

TEST_F(MakesPkcs12, RefusesAKeyThatIsNotTheLeafs) {
  const auto file = MakePkcs12(bundle_.chain, *GenerateKey(KeyAlgorithm::kEcP256), Secret(""), "web");

  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::kInvalid);
}

TEST_F(MakesPkcs12, RefusesAPasswordWithAZeroByte) {
  EXPECT_FALSE(MakePkcs12(bundle_.chain, key_, Secret(std::string("a\0b", 3)), "web"));
}

TEST_P(MakesPkcs12, ShowsItsCertificatesWithoutThePasswordWhereTheyShallBeReadable) {
  const auto file = MakeReadablePkcs12(bundle_.chain, key_, Secret(GetParam()), "web");
  ASSERT_TRUE(file) << file.error().message;

  const Seen seen = Read(*file, GetParam());
  const auto certificates = ReadPkcs12Certificates(file->Reveal());

  ASSERT_EQ(seen.code, 0) << seen.text;
  EXPECT_THAT(seen.text, HasSubstr(std::string(bundle_.private_key_pem.Reveal())));
  EXPECT_THAT(seen.text, HasSubstr("friendlyName: web"));
  EXPECT_THAT(seen.text, HasSubstr("MAC: sha256"));
  EXPECT_THAT(seen.text, HasSubstr("AES-256-CBC"));
  ASSERT_EQ(certificates.size(), bundle_.chain.size());
  for (std::size_t i = 0; i < certificates.size(); ++i) EXPECT_EQ(certificates[i].pem, bundle_.chain[i].pem);
  EXPECT_TRUE(Pkcs12Holds(file->Reveal(), Secret(GetParam()), key_));
}

TEST_F(MakesPkcs12, HoldsNothingForAnotherPasswordOrKey) {
  const auto file = MakeReadablePkcs12(bundle_.chain, key_, Secret("right"), "web");

  EXPECT_NE(Read(*file, "wrong").code, 0);
  EXPECT_FALSE(Pkcs12Holds(file->Reveal(), Secret("wrong"), key_));
  EXPECT_FALSE(Pkcs12Holds(file->Reveal(), Secret(std::string("right\0", 6)), key_));
  EXPECT_FALSE(Pkcs12Holds(file->Reveal(), Secret("right"), *GenerateKey(KeyAlgorithm::kEcP256)));
}

TEST_F(MakesPkcs12, HidesCertificatesThatAreEncrypted) {
  EXPECT_TRUE(ReadPkcs12Certificates(MakePkcs12(bundle_.chain, key_, Secret("right"), "")->Reveal()).empty());
}

TEST_F(MakesPkcs12, ReadsNothingFromWhatIsNoWholeFile) {
  const auto file = MakeReadablePkcs12(bundle_.chain, key_, Secret("right"), "web");
  const std::string whole(file->Reveal());

  for (std::size_t length = 0; length < whole.size(); ++length) {
    ASSERT_TRUE(ReadPkcs12Certificates(whole.substr(0, length)).empty()) << length;
  }
  EXPECT_TRUE(ReadPkcs12Certificates(whole + "x").empty());
  EXPECT_FALSE(Pkcs12Holds(whole + "x", Secret("right"), key_));
  EXPECT_TRUE(ReadPkcs12Certificates(std::string(100000, '\x30')).empty());
}

TEST_P(MakesPkcs12, IsReadBackWithItsPasswordAlone) {
  const auto file = MakePkcs12(bundle_.chain, key_, Secret(GetParam()), "web");

  const auto content = ReadPkcs12(file->Reveal(), Secret(GetParam()));
  const auto refused = ReadPkcs12(file->Reveal(), Secret(GetParam() + "x"));
  const auto cut = ReadPkcs12(file->Reveal().substr(1), Secret(GetParam()));

  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(content->key.PublicKeyDer(), key_.PublicKeyDer());
  ASSERT_EQ(content->chain.size(), bundle_.chain.size());
  EXPECT_EQ(content->chain.front().der, bundle_.chain.front().der);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(cut.error().message, "it is no PKCS #12 file");
}

// Java's own reader of key stores.
TEST_F(MakesPkcs12, KeytoolListsAReadableFile) {
  if (!tests::IsInstalled("keytool")) {
    if (base::Environment("CI")) FAIL() << "keytool is missing: scripts/install-packages test";
    GTEST_SKIP() << "keytool is missing (a Java runtime)";
  }
  const tests::TempDir directory;
  directory.Write("web.p12", std::string(MakeReadablePkcs12(bundle_.chain, key_, Secret("correct horse"), "web")->Reveal()));
  tests::ChildProcess keytool(
      {"keytool", "-list", "-v", "-storetype", "PKCS12", "-keystore", directory / "web.p12", "-storepass", "correct horse"});

  ASSERT_EQ(keytool.Join(), 0) << keytool.output();
  EXPECT_THAT(keytool.output(), HasSubstr("Alias name: web"));
  EXPECT_THAT(keytool.output(), HasSubstr("PrivateKeyEntry"));
  EXPECT_THAT(keytool.output(), HasSubstr("Certificate chain length: 2"));
}

}  // namespace
}  // namespace base::crypto
