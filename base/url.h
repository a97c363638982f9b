// SPDX-License-Identifier: MPL-2.0
// Absolute http and https URLs, as far as this program needs them (RFC 3986). Nothing is normalised: some CAs keep meaning in
// the query string of their directory URL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

struct Url {
  std::string scheme;  // lower case
  std::string host;    // lower case, IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;   // as written, at least "/"
  std::string query;  // as written, without '?'

  // scheme://host[:port], the port only when it is not the scheme's own.
  std::string Origin() const;
};

// Errors: kInvalid with what is wrong: no scheme, another scheme, no host, credentials in the URL, a fragment, a bad port, a
// space or control character.
Result<Url> ParseUrl(std::string_view text);
// `reference` against `origin` (RFC 3986 section 5.2): absolute URLs, //host, /path and relative paths.
Result<std::string> ResolveUrl(std::string_view base_url, std::string_view reference);
// Without the query string, for logs: query values may be secrets.
std::string WithoutQuery(std::string_view url);
// Any text, with the user name and password removed from each URL in it, also from one that is malformed because they hold
// characters which belong percent-encoded.
std::string WithoutUserinfo(std::string_view text);
std::string PercentEncode(std::string_view text);  // everything but RFC 3986 unreserved characters

}  // namespace base
