// SPDX-License-Identifier: MPL-2.0
// Bridges: programs of the exec protocol that come with the provider, in the folder `bridge` beside its binary.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace engine::vendors::exec {

// The files of that folder; in alphabetical order.
inline constexpr std::array<std::string_view, 2> kBridges{"acme.sh", "lexicon"};

// True for "bridge:lexicon", and for "bridge:" with any other name.
bool IsBridge(std::string_view program);
// A sentence that lists the bridges there are if `program` names another one; empty otherwise.
std::optional<std::string> FindUnknownBridge(std::string_view program);
// The path of the bridge; any other program as it is.
std::string ResolveBridge(const std::string& program);

}  // namespace engine::vendors::exec
