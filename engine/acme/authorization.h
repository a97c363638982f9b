// SPDX-License-Identifier: MPL-2.0
// Authorizations (RFC 8555 sections 7.1.4, 7.5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/acme/account.h"
#include "engine/acme/challenge.h"
#include "engine/acme/client.h"

namespace engine::acme {

enum class AuthorizationStatus { kPending, kValid, kInvalid, kDeactivated, kExpired, kRevoked };

struct Authorization {
  std::string url;
  std::string identifier;  // without "*.", lower case
  bool wildcard = false;
  AuthorizationStatus status = AuthorizationStatus::kPending;
  std::vector<Challenge> challenges{};

  // Null if the CA does not offer it.
  const Challenge* Find(ValidationMethod method) const;
  // The name as ordered: "*.example.test" for a wildcard.
  std::string Name() const;
};

base::Result<Authorization> ParseAuthorization(std::string_view text, std::string url);

// All of them, at most 16 at once, in the order of `urls`. Errors: the first one that failed.
base::Result<std::vector<Authorization>> FetchAuthorizations(const base::Call& call, Client& client, const Account& account,
                                                             const std::vector<std::string>& urls);

// Tells the CA that the record is in place. After a failure of any kind the authorization is looked at: the challenge is answered
// again only while it is unanswered, and an error is final only then.
base::Result<void> AnswerChallenge(const base::Call& call, Client& client, const Account& account,
                                   const Authorization& authorization);

// Those that are still pending. Best effort: CAs limit how many may be.
void DeactivatePending(const base::Call& call, Client& client, const Account& account, const std::vector<std::string>& urls);

// What went wrong with the authorizations that are not valid any more: one line of details each, the first one's kind and code.
base::Error ValidationError(const std::vector<Authorization>& authorizations);

}  // namespace engine::acme
