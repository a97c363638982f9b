// SPDX-License-Identifier: MPL-2.0
// A DNS provider over an API in which each TXT value is a record with an id of its own, as most vendors' are. The vendor's file
// says how records are created, found and deleted; when, and what a clash means, is said here once.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/dns/provider.h"

namespace engine::dns {

// Safe from many threads.
class RecordApi {
 public:
  virtual ~RecordApi() = default;
  // The zone with the vendor's id in it, given or looked up by name. The others get it as it comes back from here.
  // Errors: kNotFound (no such zone in this account), kInvalid (not an id, or more than one zone of that name).
  virtual base::Result<Zone> FindZone(const base::Call& call, const Zone& zone) const = 0;
  // As Provider's.
  virtual std::optional<std::string> FindZoneName(const base::Call&, const std::string& /*id*/) const { return std::nullopt; }
  // Creates all of them or none. The ids in the same order; an id may be empty. kConflict: an equal record is there already.
  virtual base::Result<std::vector<std::string>> Create(const base::Call& call, const Zone& zone,
                                                        std::span<const TxtRecord> records) const = 0;
  // The ids of the records with exactly this name and value.
  virtual base::Result<std::vector<std::string>> Find(const base::Call& call, const Zone& zone,
                                                      const TxtRecord& record) const = 0;
  // As Find, for each of the records in the same order. For a vendor whose listing shows many names at once.
  virtual base::Result<std::vector<std::vector<std::string>>> FindAll(const base::Call& call, const Zone& zone,
                                                                      std::span<const TxtRecord> records) const;
  // True for a vendor that keeps equal records side by side: records are then looked for before they are created.
  virtual bool KeepsEqualRecords() const { return false; }
  // Deletes all of them or none. `ids` is never empty. kNotFound: one of them is gone already.
  virtual base::Result<void> Delete(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const = 0;
};

// `batch`: how many records one Create or Delete takes. Batches are sent four at a time.
std::unique_ptr<Provider> MakeRecordProvider(std::unique_ptr<RecordApi> api, std::size_t batch);

// "_acme-challenge.www" for "_acme-challenge.www.example.test." in "example.test."; empty for the apex.
std::string RelativeName(const std::string& fqdn, const Zone& zone);
// Without the final dot.
std::string WithoutDot(std::string_view name);

// How a vendor spells names: relative to the zone, or whole; without the final dot either way.
enum class NameSpelling { kRelative, kAbsolute };
// `apex`: the relative name of the zone itself.
std::string SpellName(const std::string& fqdn, const Zone& zone, NameSpelling spelling, std::string_view apex);

// A path of a vendor described as data: `mark`, "{zone}", gives way to the text, percent-encoded.
std::string FillPath(std::string_view pattern, std::string_view mark, std::string_view text);

}  // namespace engine::dns
