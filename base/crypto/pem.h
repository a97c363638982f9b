// SPDX-License-Identifier: MPL-2.0
// PEM (RFC 7468) as bytes and back, without looking at what the bytes are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base::crypto {

struct PemBlock {
  std::string label;  // "CERTIFICATE"
  std::string der;
};

// The blocks, if `text` is exactly what ToPem writes of them, one after another; else empty.
std::optional<std::vector<PemBlock>> SplitPem(std::string_view text);

// One block: lines of 64 characters, a line end after each.
std::string ToPem(const PemBlock& block);

}  // namespace base::crypto
