// SPDX-License-Identifier: MPL-2.0
// What the journal keeps of one issuance, and what is to be done with it in a later run. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "engine/dns/record_journal.h"

namespace resources::certificate {

struct IssuanceEntry {
  std::string configuration;  // ConfigurationDigest of what was ordered
  base::TimePoint began{};
  std::string external_ca;  // the CA's handle, as it was
  std::string account_url;
  std::vector<std::string> dns_names;
  base::Secret private_key_pem{};
  std::string order_url{};                             // empty: none is under way
  bool is_finalized = false;                           // the order may have become a certificate
  bool was_missing = false;                            // a run did not find the finalized order at the CA
  std::string full_chain_pem{};                        // empty before the certificate is there
  std::string certificate_url{};                       // of the same
  std::vector<engine::dns::LeftoverRecord> records{};  // that may be in place
};

base::Secret ToText(const IssuanceEntry& entry);
// Empty for text of another version.
std::optional<IssuanceEntry> ParseIssuanceEntry(const base::Secret& text);

// 64 hex digits. `parts`: everything that the certificate depends on, including the account.
std::string ConfigurationDigest(const std::vector<std::string>& parts);

// An issuance that an earlier run left, for the resource that it is for.
enum class LeftUse {
  kDeliver,  // the certificate is there
  kResume,   // go on with its key, and its order if it has one
  kGiveUp,   // another configuration, or too old; an order that was finalized is never too old
};
LeftUse DecideUse(const IssuanceEntry& left, std::string_view configuration, base::TimePoint now);

struct SavedCertificate {
  std::string fingerprint_sha256;
  base::TimePoint not_before{};
};
// True when the resource's saved state has the certificate that was to come of `left`, or a later one: somebody may have brought
// back an old copy of the journal.
bool IsSuperfluous(const IssuanceEntry& left, const SavedCertificate& saved);

// An issuance that an earlier run left for a resource that is not this one, as far as can be told.
enum class LeftCare {
  kNothing,        // its own resource goes on with it
  kRemoveRecords,  // that too, but its records are of no use meanwhile
  kGiveUp,         // too old
  kSupersede,      // `mine` proves a name of it to the same account: its configuration was changed. Not when it got to finalize.
};
// `is_new`: it was for a resource that had no certificate yet; those of a renewal are found by their id.
LeftCare DecideCare(const IssuanceEntry& left, bool is_new, const IssuanceEntry& mine, base::TimePoint now);

}  // namespace resources::certificate
