// SPDX-License-Identifier: MPL-2.0
// Challenges whose answer is a TXT record (RFC 8555 sections 7.1.5, 8.1, 8.4; draft-ietf-acme-dns-persist section 3.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/acme/account.h"
#include "engine/acme/solver.h"

namespace engine::acme {

enum class ChallengeStatus { kPending, kProcessing, kValid, kInvalid };

struct Challenge {
  std::string type;
  std::string url;
  std::string token;
  ChallengeStatus status = ChallengeStatus::kPending;
  std::optional<base::Error> problem{};
  std::vector<std::string> issuer_domain_names{};  // of dns-persist-01
};

// `authorization_url`: what relative URLs are resolved against. Errors: kProtocol.
base::Result<Challenge> ParseChallenge(const base::Json& document, std::string_view authorization_url);

// The location of the record for a name as ordered, which is all that is known before the CA is asked. Pure.
ChallengeRecord RecordWithoutValue(std::string_view name, const Account& account);

// The TXT record that proves control of `identifier` to the account's CA by the account's method, which is not dns-persist-01.
// Errors: kProtocol (a token that is no base64url text).
base::Result<ChallengeRecord> RecordFor(std::string_view identifier, const Challenge& challenge, const Account& account);

}  // namespace engine::acme
