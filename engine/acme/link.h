// SPDX-License-Identifier: MPL-2.0
// Link headers (RFC 8288 section 3), as ACME servers use them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http/request.h"

namespace engine::acme {

// The targets of the relation `rel`, as absolute URLs, in the order of the headers. What is malformed is left out.
std::vector<std::string> LinksOf(const base::http::Response& response, std::string_view rel, std::string_view request_url);

}  // namespace engine::acme
