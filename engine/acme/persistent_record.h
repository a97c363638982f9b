// SPDX-License-Identifier: MPL-2.0
// The record of dns-persist-01 (draft-ietf-acme-dns-persist): a TXT record at _validation-persist.NAME that says which account of
// which CA may prove the name, and that stays. Up to draft 01 it has the account's URL, from 02 on a digest of account and name.
// A CA whose directory has an accountHashPrefix expects the digest.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto/key.h"
#include "base/result.h"
#include "engine/acme/challenge.h"
#include "engine/acme/client.h"
#include "engine/acme/solver.h"

namespace engine::acme {

// Who may issue, and to whom.
struct PersistentIssuer {
  std::vector<std::string> domain_names;  // of the CA; a record has one of them; empty: the CA tells them with the challenge
  std::string account_url;
  std::string account_hash_prefix;  // empty: records have the account's URL
  std::string key_thumbprint;       // RFC 7638, of the account's key
};

// As the directory says; where it has no issuerDomainNames, by its caaIdentities, as drafts before 02 suggest. Values that the
// draft does not allow are left out. Pure.
PersistentIssuer MakePersistentIssuer(const Directory& directory, std::string account_url, const base::crypto::PrivateKey& key);

// The account as a record of `name` says it (section 4.1). `name`: as an order has it, or "*.NAME"; "*" alone: of any name. Pure.
std::string AccountUriFor(const PersistentIssuer& issuer, std::string_view name);

// The value of a record for a name as ordered, "*.NAME" with the policy for wildcards: "ca.example; accounturi=…". Pure.
// `until`: the record counts no longer after that. `issuer`: has a domain name.
std::string PersistentValue(const PersistentIssuer& issuer, std::string_view name, std::optional<base::TimePoint> until = {});

// What has to be there for a name as ordered. Pure.
ChallengeRecord PersistentRecordFor(const PersistentIssuer& issuer, std::string_view name);
// The same with the names of the CA that a challenge tells. Errors: kProtocol (it tells none that can be used).
base::Result<ChallengeRecord> PersistentRecordFor(PersistentIssuer issuer, std::string_view name, const Challenge& challenge);

}  // namespace engine::acme
