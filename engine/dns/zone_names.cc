// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone_names.h"

#include <utility>

#include "base/text.h"

namespace engine::dns {

std::optional<std::string> ZoneNames::Find(const base::Call& call, Provider& provider, const DnsConnection& connection) {
  const std::string key = base::Cat(connection.connection.id, ' ', connection.zone);
  auto name = flights_.Run(call, key, [&]() -> base::Result<Name> {
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = names_.find(key); known != names_.end()) return known->second;
    }
    Name found = provider.FindZoneName(call, connection.zone);
    // It may be empty because the call ended.
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    const std::lock_guard lock(mutex_);
    return names_[key] = std::move(found);
  });
  return name ? *std::move(name) : std::nullopt;
}

}  // namespace engine::dns
