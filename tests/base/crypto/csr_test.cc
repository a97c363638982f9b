// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/csr.h"

#include <gtest/gtest.h>

#include "base/crypto/key_impl.h"

namespace base::crypto {
namespace {

struct FreeExtensions {
  void operator()(STACK_OF(X509_EXTENSION) * extensions) const { sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free); }
};

// A request as OpenSSL reads it.
struct Parsed {
  bool signature_verifies = false;
  std::string public_key_der;
  int subject_entries = 0;
  std::string common_name;
  int extensions = 0;
  bool alt_names_critical = false;
  std::vector<std::string> dns_names;
};

Parsed Parse(const std::string& der) {
  Parsed parsed;
  const unsigned char* at = Bytes(der);
  const RequestHandle csr(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
  EXPECT_TRUE(csr && at == Bytes(der) + der.size());
  if (!csr) return parsed;
  parsed.signature_verifies = X509_REQ_verify(csr.get(), X509_REQ_get0_pubkey(csr.get())) == 1;
  parsed.public_key_der = Der(X509_REQ_get0_pubkey(csr.get()), i2d_PUBKEY);
  const X509_NAME* subject = X509_REQ_get_subject_name(csr.get());
  parsed.subject_entries = X509_NAME_entry_count(subject);
  if (parsed.subject_entries > 0) {
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, 0));
    parsed.common_name = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
  }
  const std::unique_ptr<STACK_OF(X509_EXTENSION), FreeExtensions> extensions(X509_REQ_get_extensions(csr.get()));
  parsed.extensions = sk_X509_EXTENSION_num(extensions.get());
  int critical = 0;
  const GeneralNamesHandle names(
      static_cast<GENERAL_NAMES*>(X509V3_get_d2i(extensions.get(), NID_subject_alt_name, &critical, nullptr)));
  parsed.alt_names_critical = critical == 1;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    EXPECT_EQ(name->type, GEN_DNS);
    parsed.dns_names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)));
  }
  return parsed;
}

TEST(MakeCsr, NamesEveryDomainAndVerifies) {
  for (const KeyAlgorithm algorithm : {KeyAlgorithm::kEcP256, KeyAlgorithm::kEcP384, KeyAlgorithm::kRsa2048}) {
    const PrivateKey key = *GenerateKey(algorithm);
    const auto csr = MakeCsr(key, {.dns_names = {"example.test", "*.example.test"}, .common_name = "example.test"});
    ASSERT_TRUE(csr.ok());
    const Parsed parsed = Parse(*csr);

    EXPECT_TRUE(parsed.signature_verifies) << NameOf(algorithm);
    EXPECT_EQ(parsed.public_key_der, key.PublicKeyDer());
    EXPECT_EQ(parsed.dns_names, (std::vector<std::string>{"example.test", "*.example.test"}));
    EXPECT_EQ(parsed.subject_entries, 1);
    EXPECT_EQ(parsed.common_name, "example.test");
    EXPECT_FALSE(parsed.alt_names_critical);
    EXPECT_EQ(parsed.extensions, 1);
  }
}

TEST(MakeCsr, MarksNamesCriticalWhenTheSubjectIsEmpty) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP256);

  for (const auto& common_name : {std::optional<std::string>(), std::optional<std::string>("")}) {
    const Parsed parsed = Parse(*MakeCsr(key, {.dns_names = {"example.test"}, .common_name = common_name}));

    EXPECT_EQ(parsed.subject_entries, 0);
    EXPECT_TRUE(parsed.alt_names_critical);
    EXPECT_EQ(parsed.dns_names, std::vector<std::string>{"example.test"});
    EXPECT_TRUE(parsed.signature_verifies);
  }
}

TEST(MakeCsr, TakesAHundredNames) {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("host" + std::to_string(i) + ".example.test");

  EXPECT_EQ(Parse(*MakeCsr(*GenerateKey(KeyAlgorithm::kEcP256), {.dns_names = names})).dns_names, names);
}

TEST(MakeCsr, RefusesNoNamesAndLongCommonNames) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP256);
  const auto no_names = MakeCsr(key, {.dns_names = {}});
  const auto longest = MakeCsr(key, {.dns_names = {"a.test"}, .common_name = std::string(64, 'a')});
  const auto too_long = MakeCsr(key, {.dns_names = {"a.test"}, .common_name = std::string(65, 'a')});

  ASSERT_FALSE(no_names.ok());
  EXPECT_EQ(no_names.error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(longest.ok());
  ASSERT_FALSE(too_long.ok());
  EXPECT_EQ(too_long.error().message, "the common name is 65 characters long, the limit is 64 (X.520)");
}

}  // namespace
}  // namespace base::crypto
