// SPDX-License-Identifier: MPL-2.0
// A loopback port that was free a moment ago, for UDP and TCP alike.
#pragma once

#include <cstdint>

namespace tests {

std::uint16_t FreePort();

}  // namespace tests
