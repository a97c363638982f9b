// SPDX-License-Identifier: MPL-2.0
// How a proxy's failure is told from the server's.
#pragma once

#include <string_view>

namespace base::http {

// Error::code of a failure of the proxy, or of its refusal to pass the request on: neither the server nor its address is to
// blame, and sending the request again does not help.
inline constexpr std::string_view kProxyCode = "proxy";

}  // namespace base::http
