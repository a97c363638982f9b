// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/persistent_record.h"

#include <algorithm>
#include <utility>

#include "base/crypto/digest.h"
#include "base/crypto/jwk.h"
#include "base/domain_name.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/acme/validation.h"

namespace engine::acme {
namespace {

using base::Cat;

constexpr std::size_t kMaxDomainNames = 10;  // section 3.1
constexpr std::string_view kAnyName = "*";

// Lower-case A-labels without a final dot (section 3.1); anything else could not be compared by the CA.
bool IsIssuerDomainName(const std::string& name) {
  const auto parsed = base::ParseDnsName(name, base::Wildcard::kRefused);
  return parsed && *parsed == name;
}

std::vector<std::string> IssuerDomainNames(const std::vector<std::string>& names) {
  std::vector<std::string> good;
  std::copy_if(names.begin(), names.end(), std::back_inserter(good), IsIssuerDomainName);
  return good;
}

// What a parameter's value may consist of (RFC 8659 section 4.2).
bool IsParameterValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f' && c != ';'; });
}

}  // namespace

PersistentIssuer MakePersistentIssuer(const Directory& directory, std::string account_url, const base::crypto::PrivateKey& key) {
  PersistentIssuer issuer{.domain_names = IssuerDomainNames(directory.issuer_domain_names),
                          .account_url = std::move(account_url),
                          .account_hash_prefix = directory.account_hash_prefix,
                          .key_thumbprint = base::crypto::JwkThumbprint(key)};
  if (issuer.domain_names.empty()) issuer.domain_names = IssuerDomainNames(directory.caa_identities);
  if (!IsParameterValue(issuer.account_hash_prefix)) issuer.account_hash_prefix.clear();
  return issuer;
}

std::string AccountUriFor(const PersistentIssuer& issuer, std::string_view name) {
  if (issuer.account_hash_prefix.empty()) return issuer.account_url;
  const std::string_view domain = name == kAnyName ? name : base::WithoutWildcard(name);
  const std::string message = Cat(static_cast<char>(domain.size()), domain, issuer.key_thumbprint, issuer.account_url);
  return Cat(issuer.account_hash_prefix, "sha-256/", base::Base64Url(base::crypto::Sha256(message)));
}

std::string PersistentValue(const PersistentIssuer& issuer, std::string_view name, std::optional<base::TimePoint> until) {
  std::string value = Cat(issuer.domain_names.front(), "; accounturi=", AccountUriFor(issuer, name));
  if (name.starts_with("*.")) value += "; policy=wildcard";
  if (until) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(until->time_since_epoch());
    value += Cat("; persistUntil=", seconds.count());
  }
  return value;
}

ChallengeRecord PersistentRecordFor(const PersistentIssuer& issuer, std::string_view name) {
  PersistentProof proof{
      .issuers = issuer.domain_names, .account_uris = {AccountUriFor(issuer, name)}, .is_for_wildcard = name.starts_with("*.")};
  // A CA accepts the one that is good for any name as well (section 4.1); where it takes the account's URL, both are the same.
  proof.account_uris.push_back(AccountUriFor(issuer, kAnyName));
  return ChallengeRecord{.identifier = std::string(base::WithoutWildcard(name)),
                         .fqdn = ChallengeName(name, ValidationMethod::kDnsPersist01),
                         .value = issuer.domain_names.empty() ? std::string() : PersistentValue(issuer, name),
                         .persistent = std::move(proof)};
}

base::Result<ChallengeRecord> PersistentRecordFor(PersistentIssuer issuer, std::string_view name, const Challenge& challenge) {
  const bool is_too_long = challenge.issuer_domain_names.size() > kMaxDomainNames;
  issuer.domain_names = IssuerDomainNames(challenge.issuer_domain_names);
  if (is_too_long || issuer.domain_names.empty()) {
    return base::Error{base::ErrorKind::kProtocol,
                       Cat("the challenge for ", name, " has no usable names of the CA (issuer-domain-names)")};
  }
  return PersistentRecordFor(issuer, name);
}

}  // namespace engine::acme
