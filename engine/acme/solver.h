// SPDX-License-Identifier: MPL-2.0
// Solver: what the issuance needs from whoever proves control of names (DNS-01, RFC 8555 section 8.4).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"

namespace engine::acme {

// What a TXT record has to say that somebody else put there to stay (draft-ietf-acme-dns-persist).
struct PersistentProof {
  std::vector<std::string> issuers;       // one of these; empty: not known before the CA is asked
  std::vector<std::string> account_uris;  // one of these
  bool is_for_wildcard = false;
};

// One TXT value that must appear. Two challenges may carry the same pair (some CAs give apex and wildcard one token).
struct ChallengeRecord {
  std::string identifier;  // the authorization's name, without "*."
  std::string fqdn;        // "_acme-challenge.example.test."
  std::string value;       // base64url(SHA-256(key authorization)); with `persistent`, a value that would do
  std::optional<PersistentProof> persistent{};
};

class Solver {
 public:
  virtual ~Solver() = default;
  // Looks where `records` would go, before the CA is asked for anything: their values may be empty. Nothing is changed. Those
  // that are persistent have to be there. Errors: kInvalid, a name lies in none of the zones; kNotFound, persistent records are
  // missing; kCancelled, kTimeout. What may pass by itself is left to Place.
  virtual base::Result<void> Prepare(const base::Call&, std::span<const ChallengeRecord> /*records*/) { return {}; }
  // Puts all values in place. On failure what was placed stays known to the solver: the caller MUST call Remove all the same.
  virtual base::Result<void> Place(const base::Call& call, std::span<const ChallengeRecord> records) = 0;
  // Returns when the values are visible where the CA will look. Errors name the server that lacked the record.
  virtual base::Result<void> Wait(const base::Call& call, std::span<const ChallengeRecord> records) = 0;
  // Removes exactly what Place put there; safe to repeat. The caller hands it a clean-up call (base::Call::ForCleanup).
  // Errors list each record that is left, in `details`.
  virtual base::Result<void> Remove(const base::Call& call, std::span<const ChallengeRecord> records) = 0;
};

}  // namespace engine::acme
