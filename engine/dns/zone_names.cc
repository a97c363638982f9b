// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone_names.h"

#include <map>
#include <mutex>

#include "base/text.h"
#include "engine/dns/zone_locks.h"

namespace engine::dns {
namespace {

// By connection and id; empty where it could not be found out.
struct Known {
  std::mutex mutex;
  std::map<std::string, std::optional<std::string>> names;

  // False: not asked yet.
  bool Find(const std::string& key, std::optional<std::string>& name) {
    const std::lock_guard lock(mutex);
    const auto found = names.find(key);
    if (found == names.end()) return false;
    name = found->second;
    return true;
  }
  void Set(const std::string& key, const std::optional<std::string>& name) {
    const std::lock_guard lock(mutex);
    names[key] = name;
  }
};

Known& ProcessNames() {
  static Known known;
  return known;
}

}  // namespace

std::optional<std::string> FindNameOfZone(const base::Call& call, Provider& provider, const DnsConnection& connection) {
  const std::string key = base::Cat(connection.connection.id, ' ', connection.zone);
  // Many certificates begin at once: one of them asks, the others wait for what it learns.
  const auto held = ProcessZoneLocks().Acquire(call, base::Cat("name of ", key));
  if (!held) return std::nullopt;
  std::optional<std::string> name;
  if (ProcessNames().Find(key, name)) return name;
  name = provider.FindZoneName(call, connection.zone);
  if (!call.Check()) return std::nullopt;
  ProcessNames().Set(key, name);
  return name;
}

}  // namespace engine::dns
