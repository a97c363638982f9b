// SPDX-License-Identifier: MPL-2.0
// What fuzz targets share: the input as text, and the end of the program when a property does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/text.h"

namespace fuzz {

inline std::string_view Text(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

// Ends the program, and with it the run, unless the property holds.
inline void Require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

// What goes into messages and into the state: Terraform takes no other text.
inline void RequireUtf8(std::string_view text, const char* what) { Require(base::ReplaceInvalidUtf8(text) == text, what); }

}  // namespace fuzz
