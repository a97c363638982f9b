// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/challenge.h"

#include <algorithm>

#include "base/crypto/digest.h"
#include "base/crypto/jwk.h"
#include "base/domain_name.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/acme/ca_url.h"
#include "engine/acme/problem.h"

namespace engine::acme {
namespace {

using base::Error;
using base::ErrorKind;

ChallengeStatus StatusOf(std::string_view name) {
  if (name == "processing") return ChallengeStatus::kProcessing;
  if (name == "valid") return ChallengeStatus::kValid;
  return name == "invalid" ? ChallengeStatus::kInvalid : ChallengeStatus::kPending;
}

bool IsTokenText(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

base::Result<Challenge> ParseChallenge(const base::Json& document, std::string_view authorization_url) {
  auto type = base::GetString(document, "type");
  if (!type) return std::move(type).error();
  auto reference = base::GetString(document, "url");
  if (!reference) return std::move(reference).error();
  auto url = ResolveCaUrl(authorization_url, *reference);
  if (!url) return std::move(url).error();
  Challenge challenge{
      .type = *std::move(type), .url = *std::move(url), .token = base::FindString(document, "token").value_or("")};
  // Drafts before 02 write it with dashes, as Pebble 2.10 does.
  for (const char* const name : {"issuerDomainNames", "issuer-domain-names"}) {
    if (challenge.issuer_domain_names.empty()) challenge.issuer_domain_names = base::FindStrings(document, name);
  }
  challenge.status = StatusOf(base::FindString(document, "status").value_or("pending"));
  if (const base::Json* problem = base::FindMember(document, "error")) challenge.problem = ProblemError(*problem, 0);
  return challenge;
}

ChallengeRecord RecordWithoutValue(std::string_view name, const Account& account) {
  return {.identifier = std::string(base::WithoutWildcard(name)),
          .fqdn = ChallengeName(name, account.validation, account.url),
          .value = {}};
}

base::Result<ChallengeRecord> RecordFor(std::string_view identifier, const Challenge& challenge, const Account& account) {
  if (challenge.token.empty() || !std::all_of(challenge.token.begin(), challenge.token.end(), IsTokenText)) {
    return Error{ErrorKind::kProtocol, base::Cat("the challenge for ", identifier, " has no usable token")};
  }
  const std::string key_authorization = base::Cat(challenge.token, '.', base::crypto::JwkThumbprint(account.key));
  ChallengeRecord record = RecordWithoutValue(identifier, account);
  record.value = base::Base64Url(base::crypto::Sha256(key_authorization));
  return record;
}

}  // namespace engine::acme
