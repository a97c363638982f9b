// SPDX-License-Identifier: MPL-2.0
#include "base/os/accounts.h"

#include <grp.h>
#include <pwd.h>

#include <vector>

namespace base::os {
namespace {

// Calls getpwnam_r or getgrnam_r: they do not share a buffer between threads as the plain ones do.
template <typename Entry, typename Lookup>
bool FindEntry(const std::string& name, Lookup lookup, Entry& entry) {
  std::vector<char> buffer(65536);
  Entry* found = nullptr;
  return lookup(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 && found;
}

}  // namespace

std::optional<std::uint32_t> FindUserId(const std::string& name) {
  passwd entry{};
  if (!FindEntry(name, getpwnam_r, entry)) return std::nullopt;
  return entry.pw_uid;
}

std::optional<std::uint32_t> FindGroupId(const std::string& name) {
  group entry{};
  if (!FindEntry(name, getgrnam_r, entry)) return std::nullopt;
  return entry.gr_gid;
}

}  // namespace base::os
