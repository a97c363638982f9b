// SPDX-License-Identifier: MPL-2.0
// A DNS provider over an API in which all TXT values of a name are one record set, which is read and then replaced under a
// condition. The vendor's file says how a zone is found and how sets are changed; what is gathered, and what was placed after a
// failure, is said here once.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/dns/provider.h"
#include "engine/dns/zone_batcher.h"

namespace engine::dns {

// Safe from many threads.
class RecordSetApi {
 public:
  virtual ~RecordSetApi() = default;
  // The vendor's id or path of the zone, given or looked up by name. The others get it as it comes back from here.
  // Errors: kNotFound (no such zone in this account), kInvalid (not an id, or more than one zone of that name).
  virtual base::Result<std::string> FindZoneId(const base::Call& call, const Zone& zone) const = 0;
  // As Provider's.
  virtual std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) const = 0;
  // The ZoneBatcher's queue for the zone, and whose changes may be combined there.
  virtual std::string QueueOf(const std::string& zone_id) const = 0;
  virtual const void* owner() const = 0;
  // Reads the sets and replaces those that differ until nobody came in between. Never loses a value of anybody else.
  virtual EditOutcome Change(const base::Call& call, const std::string& zone_id, std::span<const TxtEdit> edits) const = 0;
  // The error with what the user can do about it in this zone.
  virtual base::Error Explain(base::Error error, const Zone& zone, const std::string& zone_id) const = 0;
  // Blocks until the vendor says that all its servers have the changes; at once where it cannot tell.
  virtual base::Result<void> AwaitServed(const base::Call&, const std::string& /*change_id*/) const { return {}; }
};

std::unique_ptr<Provider> MakeRecordSetProvider(std::unique_ptr<RecordSetApi> api, const connections::Deps& deps);

// Calls `change`, which reads record sets and replaces what differs, until nobody came in between: again while `was_overtaken` is
// true for its error, at most eight times.
base::Result<void> RepeatWhileOvertaken(const base::Call& call, const std::function<base::Result<void>()>& change,
                                        const std::function<bool(const base::Error&)>& was_overtaken);

// In the order of the names.
std::map<std::string, std::vector<TxtEdit>> GroupByName(std::span<const TxtEdit> edits);

// A set's values as the edits, all of its name, want them. Removals go first: what one caller removes and another adds stays.
// `value_of` reads a value of the set, `make` makes one of a TxtRecord.
template <typename Values, typename ValueOf, typename Make>
void EditValues(Values& values, std::span<const TxtEdit> edits, ValueOf value_of, Make make) {
  const auto is = [&](const TxtEdit& edit) { return [&](const auto& one) { return value_of(one) == edit.record.value; }; };
  for (const TxtEdit& edit : edits) {
    if (edit.action == TxtEdit::Action::kAdd) continue;
    values.erase(std::remove_if(values.begin(), values.end(), is(edit)), values.end());
  }
  for (const TxtEdit& edit : edits) {
    if (edit.action == TxtEdit::Action::kRemove || std::any_of(values.begin(), values.end(), is(edit))) continue;
    values.push_back(make(edit.record));
  }
}

}  // namespace engine::dns
