// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/csr.h"

#include <gtest/gtest.h>

#include "base/crypto/key_impl.h"
#include "base/encoding.h"

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

std::string PemOf(const std::string& der) {
  std::string text = Base64(der);
  for (std::size_t at = 64; at < text.size(); at += 65) text.insert(at, "\n");
  return "-----BEGIN CERTIFICATE REQUEST-----\n" + text + "\n-----END CERTIFICATE REQUEST-----\n";
}

TEST(ParseCsr, ReadsBackWhatMakeCsrMade) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP384);
  const std::string der = *MakeCsr(key, {.dns_names = {"example.test", "*.example.test"}});

  const auto csr = ParseCsr(PemOf(der));

  ASSERT_TRUE(csr) << csr.error().message;
  EXPECT_EQ(csr->der, der);
  EXPECT_EQ(csr->dns_names, (std::vector<std::string>{"example.test", "*.example.test"}));
  EXPECT_FALSE(csr->common_name);
  EXPECT_EQ(csr->public_key_der, key.PublicKeyDer());
}

// RFC 8555 section 7.4: a common name is a name that the order must hold.
TEST(ParseCsr, CountsTheCommonNameAmongTheNames) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP256);

  const auto other = ParseCsr(PemOf(*MakeCsr(key, {.dns_names = {"a.test"}, .common_name = "B.test"})));
  const auto same = ParseCsr(PemOf(*MakeCsr(key, {.dns_names = {"A.test"}, .common_name = "a.test"})));

  ASSERT_TRUE(other && same);
  EXPECT_EQ(other->dns_names, (std::vector<std::string>{"a.test", "b.test"}));
  EXPECT_EQ(other->common_name, "b.test");
  EXPECT_EQ(same->dns_names, std::vector<std::string>{"a.test"});
}

struct BadCsr {
  const char* label;
  std::string pem;
  const char* expected;
};

TEST(ParseCsr, SaysWhatIsWrong) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP256);
  const std::string der = *MakeCsr(key, {.dns_names = {"a.test"}});
  const std::string good = PemOf(der);
  std::string forged = der;
  forged[forged.size() - 5] = static_cast<char>(forged[forged.size() - 5] ^ 1);
  const BadCsr cases[] = {{"empty", "", "not one PEM signing request"},
                          {"cut off", good.substr(0, good.size() / 2), "not one PEM signing request"},
                          {"two", good + good, "not one PEM signing request"},
                          {"long", good + std::string(300'000, ' '), "not one PEM signing request"},
                          {"key", std::string(key.ToPem().Reveal()), "holds a private key"},
                          {"key behind it", good + std::string(key.ToPem().Reveal()), "holds a private key"},
                          {"forged", PemOf(forged), "signature does not fit"}};
  for (const BadCsr& bad : cases) {
    const auto csr = ParseCsr(bad.pem);

    ASSERT_FALSE(csr) << bad.label;
    EXPECT_EQ(csr.error().kind, ErrorKind::kInvalid) << bad.label;
    EXPECT_NE(csr.error().message.find(bad.expected), std::string::npos) << bad.label << ": " << csr.error().message;
  }
}

// Made by: openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj / -addext subjectAltName=<names>
TEST(ParseCsr, TakesDnsNamesAlone) {
  const char* const with_address =
      "-----BEGIN CERTIFICATE REQUEST-----\n"
      "MIHmMIGMAgEAMAAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS4y1/iY3+VmJ8J\n"
      "DHZ9Ix27eTWDNGM9UodxA/bWKS5drPokZCiISuS6xx0lvWwzIF7Ty6RP5EsTpdad\n"
      "WPFKd+dboCowKAYJKoZIhvcNAQkOMRswGTAXBgNVHREEEDAOggZhLnRlc3SHBMAA\n"
      "AgEwCgYIKoZIzj0EAwIDSQAwRgIhAIiwVLM/0bbeKK4vWQ/HhOMkLiez0JL0Rwcw\n"
      "oetFFlRYAiEAkKYXiSX0Nv7uu0wjoOBvNhSYdRvFaKJAeL6oP5sCJIY=\n"
      "-----END CERTIFICATE REQUEST-----\n";
  const char* const without_names =
      "-----BEGIN CERTIFICATE REQUEST-----\n"
      "MIHLMHQCAQAwEjEQMA4GA1UECgwHRXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49\n"
      "AwEHA0IABM+ZDvJl3wO8y7W6HZ3oCbOPQm5Pt50YMrpPLTPwfXjfVr21kVjxuUAg\n"
      "BidNiWTa/FzpoikF7E73rHzsVBoTjtOgADAKBggqhkjOPQQDAgNHADBEAiAq3/DS\n"
      "xpTK9KbZXDszCGj3q9tDw8ZuB5HX5mWV7CZQMQIgTSqkd5UaoL+HMp9BKbu8YjZu\n"
      "B836wROXAaMqZ/M/s14=\n"
      "-----END CERTIFICATE REQUEST-----\n";

  const auto address = ParseCsr(with_address);
  const auto none = ParseCsr(without_names);

  ASSERT_FALSE(address);
  EXPECT_EQ(address.error().message, "the signing request asks for something else than DNS names in its subjectAltName");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "the signing request has no DNS name");
}

}  // namespace
}  // namespace base::crypto
