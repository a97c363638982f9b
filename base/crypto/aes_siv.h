// SPDX-License-Identifier: MPL-2.0
// AES-256-SIV (RFC 5297): deterministic authenticated encryption. The same key, text and associated data give the same bytes,
// which is what lets a plan compare sealed values.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace base::crypto {

inline constexpr std::size_t kAesSivKeyBytes = 64;

// The 16-byte synthetic IV followed by the ciphertext. `key`: 64 bytes. `text`: not empty. Errors: kInternal.
Result<std::string> AesSivSeal(const Secret& key, const Secret& text, std::string_view associated);
// Errors: kInvalid when the bytes, the associated data or the key do not belong together.
Result<Secret> AesSivOpen(const Secret& key, std::string_view sealed, std::string_view associated);

}  // namespace base::crypto
