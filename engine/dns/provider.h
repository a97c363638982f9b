// SPDX-License-Identifier: MPL-2.0
// DNS providers: how TXT values get into a zone and out again. Waiting for propagation is not their concern.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/connections/connection.h"

namespace engine::dns {

struct Zone {
  std::string name;  // apex with the final dot: "example.test."
  std::string id;    // the vendor's id when the user gave one, else empty
};

struct TxtRecord {
  std::string fqdn;  // absolute, lower case
  std::string value;
  std::chrono::seconds ttl{60};
};

struct PlacedRecord {
  std::string zone_id;    // the vendor's; empty where the vendor needs none
  std::string record_id;  // the vendor's; empty where records have none
  TxtRecord record;
};

// How many requests of one change may run at the same time.
inline constexpr std::size_t kMaxConcurrentRequests = 4;

// Safe from many threads: the zones of one order are changed at the same time.
class Provider {
 public:
  virtual ~Provider() = default;
  // Adds the values, all of one zone, in one change where the vendor can. MUST keep other values of the same names.
  // MUST return as soon as the vendor accepted it; propagation is not waited for. Safe to repeat: an equal value is success.
  // What was, or after a lost answer may have been, placed before a failure is in `placed`, so that it can be removed.
  virtual base::Result<void> Place(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                                   std::vector<PlacedRecord>& placed) = 0;
  // Removes exactly those values. A value already gone is success.
  virtual base::Result<void> Remove(const base::Call& call, const Zone& zone, std::span<const PlacedRecord> records) = 0;
  // What the zone with this id of the vendor's is called, with the final dot; empty where ids are names, and where the vendor or
  // these credentials do not tell.
  virtual std::optional<std::string> FindZoneName(const base::Call&, const std::string& /*id*/) { return std::nullopt; }
  // Blocks until the vendor itself says that all its servers have what was placed; at once where it cannot tell.
  virtual base::Result<void> AwaitServed(const base::Call&, std::span<const PlacedRecord>) { return {}; }
};

struct ProviderSpec {
  std::string_view name;        // of its guide: "route53"
  std::string_view connection;  // the kind of app connection that it works with: "rfc2136"
  base::Result<std::unique_ptr<Provider>> (*make)(const connections::Connection&, const connections::Deps&);
};

// Looks up the provider that works with a kind of app connection; null when there is none. Handed in, since no vendor is known
// here.
using FindProvider = const ProviderSpec* (*)(std::string_view connection_kind);

}  // namespace engine::dns
