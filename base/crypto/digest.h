// SPDX-License-Identifier: MPL-2.0
// SHA-2 digests, HMAC (RFC 2104) and HKDF-SHA256 (RFC 5869); raw bytes in and out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace base::crypto {

enum class Hash { kSha1, kSha256, kSha384, kSha512 };  // SHA-1 for foreign protocols that demand it, nowhere else

std::string Digest(Hash hash, std::string_view bytes);
std::string Sha256(std::string_view bytes);
std::string Hmac(Hash hash, const Secret& key, std::string_view message);
// `length` bytes, at most 8160.
Secret HkdfSha256(const Secret& key, std::string_view salt, std::string_view info, std::size_t length);

}  // namespace base::crypto
