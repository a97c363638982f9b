// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/persistent_record.h"

#include <gtest/gtest.h>

#include "base/crypto/jwk.h"
#include "base/json.h"
#include "base/time_format.h"

namespace engine::acme {
namespace {

// Of draft-ietf-acme-dns-persist-02 section 10.2.
PersistentIssuer OfDraft02() {
  return {.domain_names = {"authority.example", "other.example"},
          .account_url = "https://ca.example/acct/123",
          .account_hash_prefix = "https://ca.example/account-hash/",
          .key_thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"};
}

PersistentIssuer OfDraft01() {
  PersistentIssuer issuer = OfDraft02();
  issuer.account_hash_prefix.clear();
  return issuer;
}

base::Result<Challenge> ParsedChallenge(std::string_view members) {
  const auto document = base::ParseJson(base::Cat(R"({"type":"dns-persist-01","url":"https://ca.test/c")", members, "}"));
  return ParseChallenge(*document, "https://ca.test/authz");
}

TEST(AccountUriFor, IsADigestOfNameKeyAndAccount) {
  EXPECT_EQ(AccountUriFor(OfDraft02(), "example.com"),
            "https://ca.example/account-hash/sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw");
  EXPECT_EQ(AccountUriFor(OfDraft02(), "*.example.com"), AccountUriFor(OfDraft02(), "example.com"));
  EXPECT_EQ(AccountUriFor(OfDraft02(), "*"),
            "https://ca.example/account-hash/sha-256/NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug");
}

TEST(PersistentValue, HasTheAccountsUrlWhereTheCaHasNoPrefix) {
  EXPECT_EQ(PersistentValue(OfDraft01(), "example.com"), "authority.example; accounturi=https://ca.example/acct/123");
}

TEST(PersistentValue, HasThePolicyOfWildcardsAndItsEnd) {
  EXPECT_EQ(PersistentValue(OfDraft01(), "*.example.com", base::ParseRfc3339("2026-01-01T00:00:00Z")),
            "authority.example; accounturi=https://ca.example/acct/123; policy=wildcard; persistUntil=1767225600");
}

TEST(PersistentRecordFor, AcceptsEachNameOfTheCaAndBothDigests) {
  const ChallengeRecord record = PersistentRecordFor(OfDraft02(), "*.example.com");

  EXPECT_EQ(record.identifier, "example.com");
  EXPECT_EQ(record.fqdn, "_validation-persist.example.com.");
  EXPECT_EQ(record.persistent->issuers, OfDraft02().domain_names);
  EXPECT_EQ(record.persistent->account_uris,
            (std::vector<std::string>{AccountUriFor(OfDraft02(), "example.com"), AccountUriFor(OfDraft02(), "*")}));
  EXPECT_TRUE(record.persistent->is_for_wildcard);
}

TEST(PersistentRecordFor, TakesTheNamesOfTheChallengeInBothSpellings) {
  for (const char* const member : {"issuer-domain-names", "issuerDomainNames"}) {
    const auto challenge = ParsedChallenge(base::Cat(",\"", member, R"(":["third.example"])"));

    const auto record = PersistentRecordFor(OfDraft01(), "example.com", *challenge);

    ASSERT_TRUE(record) << record.error().message;
    EXPECT_EQ(record->value, "third.example; accounturi=https://ca.example/acct/123");
  }
}

// Section 3.1: none, more than ten, and names that are not normal make a challenge malformed.
TEST(PersistentRecordFor, RefusesAChallengeWithoutUsableNames) {
  for (
      const char* const members :
      {"", R"(,"issuerDomainNames":[])", R"(,"issuerDomainNames":["CA.example","ca.example.","a;b.example"])",
       R"(,"issuerDomainNames":["a.test","b.test","c.test","d.test","e.test","f.test","g.test","h.test","i.test","j.test","k.test"])"}) {
    const auto record = PersistentRecordFor(OfDraft01(), "example.com", *ParsedChallenge(members));

    ASSERT_FALSE(record) << members;
    EXPECT_EQ(record.error().kind, base::ErrorKind::kProtocol);
  }
}

TEST(MakePersistentIssuer, TakesTheDirectorysNamesElseItsCaaIdentities) {
  const auto key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);
  Directory directory;
  directory.caa_identities = {"caa.example", "Not.Normal."};

  const PersistentIssuer before = MakePersistentIssuer(directory, "https://ca.example/1", key);
  directory.issuer_domain_names = {"issuer.example"};
  directory.account_hash_prefix = "https://ca.example/h/";
  const PersistentIssuer after = MakePersistentIssuer(directory, "https://ca.example/1", key);

  EXPECT_EQ(before.domain_names, std::vector<std::string>{"caa.example"});
  EXPECT_EQ(before.account_hash_prefix, "");
  EXPECT_EQ(after.domain_names, std::vector<std::string>{"issuer.example"});
  EXPECT_EQ(after.account_hash_prefix, "https://ca.example/h/");
  EXPECT_EQ(after.key_thumbprint, base::crypto::JwkThumbprint(key));
}

// It would add parameters to the record.
TEST(MakePersistentIssuer, IgnoresAPrefixThatIsNoParameterValue) {
  const auto key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);
  for (const char* const prefix : {"https://ca.example/;policy=wildcard;", "https://ca.example/ a/", "https://ca.example/\n"}) {
    Directory directory;
    directory.account_hash_prefix = prefix;

    EXPECT_EQ(MakePersistentIssuer(directory, "a", key).account_hash_prefix, "") << prefix;
  }
}

}  // namespace
}  // namespace engine::acme
