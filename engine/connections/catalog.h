// SPDX-License-Identifier: MPL-2.0
// The table of connection kinds, built from connections.def.
#pragma once

#include <span>
#include <string_view>

#include "engine/connections/connection.h"

namespace engine::connections {

std::span<const ConnectionSpec> Connections();
// Null when there is no such kind.
const ConnectionSpec* FindConnection(std::string_view kind);

}  // namespace engine::connections
