// SPDX-License-Identifier: MPL-2.0
// TXT data in the spelling of zone files (RFC 1035 section 5.1), which some vendors' APIs use.
#pragma once

#include <string>
#include <string_view>

namespace engine::dns {

// "\"value\"", with quotes and backslashes escaped. At most 255 octets, as challenge values are.
std::string QuoteTxt(std::string_view value);
// The character strings joined; a text without quotes is itself.
std::string UnquoteTxt(std::string_view content);

}  // namespace engine::dns
