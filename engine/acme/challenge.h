// SPDX-License-Identifier: MPL-2.0
// DNS-01 challenges (RFC 8555 sections 7.1.5, 8.1, 8.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto/key.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/acme/solver.h"

namespace engine::acme {

enum class ChallengeStatus { kPending, kProcessing, kValid, kInvalid };

struct Challenge {
  std::string type;
  std::string url;
  std::string token;
  ChallengeStatus status = ChallengeStatus::kPending;
  std::optional<base::Error> problem{};
};

// `authorization_url`: what relative URLs are resolved against. Errors: kProtocol.
base::Result<Challenge> ParseChallenge(const base::Json& document, std::string_view authorization_url);

// Where the value of a DNS name goes, a wildcard or not: "_acme-challenge.example.test."
std::string ChallengeName(std::string_view dns_name);

// The TXT record that proves control of `identifier`. Errors: kProtocol (a token that is no base64url text).
base::Result<ChallengeRecord> RecordFor(std::string_view identifier, const Challenge& challenge,
                                        const base::crypto::PrivateKey& account_key);

}  // namespace engine::acme
