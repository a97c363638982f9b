// SPDX-License-Identifier: MPL-2.0
// base64 and base64url (RFC 4648 sections 4 and 5), and hexadecimal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

std::string Base64(std::string_view bytes);     // with '=' padding
std::string Base64Url(std::string_view bytes);  // without padding, as RFC 7515 section 2 wants
std::string Hex(std::string_view bytes);        // lower case

// The bytes; empty when the text holds anything foreign, is cut off, or has non-zero bits behind its end.
// Base64 wants correct padding. Base64Url refuses padding.
std::optional<std::string> FromBase64(std::string_view text);
std::optional<std::string> FromBase64Url(std::string_view text);
std::optional<std::string> FromHex(std::string_view text);  // either case

}  // namespace base
