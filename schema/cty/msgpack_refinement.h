// SPDX-License-Identifier: MPL-2.0
// What is known about an unknown value, as cty puts it in MessagePack extension 12: a map with integer keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "schema/cty/value.h"

namespace schema::cty {

inline constexpr std::int8_t kRefinedExtension = 12;

// The keys of the map (cty, msgpack/unknown.go).
enum RefinementKey : std::uint8_t {
  kNullness = 1,
  kStringPrefix = 2,
  kNumberMinimum = 3,
  kNumberMaximum = 4,
  kLengthMinimum = 5,
  kLengthMaximum = 6,
};

// Every extension means unknown; only number 12 says more. Empty when its map is malformed, or over 1024 bytes. Keys that we do
// not know are skipped: newer versions of cty may know more.
std::optional<Refinement> ReadExtension(std::int8_t number, std::string_view payload);

}  // namespace schema::cty
