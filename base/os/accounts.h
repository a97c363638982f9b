// SPDX-License-Identifier: MPL-2.0
// The users and groups of this machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace base::os {

// Empty if there is none of that name. May block on a directory service; safe from many threads.
std::optional<std::uint32_t> FindUserId(const std::string& name);
std::optional<std::uint32_t> FindGroupId(const std::string& name);

}  // namespace base::os
