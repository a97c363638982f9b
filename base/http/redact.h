// SPDX-License-Identifier: MPL-2.0
// What of an exchange may be logged: an allow-list, since a deny-list forgets. Bodies never are, nor query strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http/request.h"

namespace base::http {

// True for header names that carry no secret at any known server, in any case.
bool IsLoggableHeader(std::string_view name);
// "content-type: text/html; retry-after: 5": the loggable headers alone, names in lower case, control characters replaced.
std::string LoggableHeaders(const std::vector<Header>& headers);
// The URL without query string, control characters replaced, at most 300 bytes.
std::string LoggableUrl(std::string_view url);

}  // namespace base::http
