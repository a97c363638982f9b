// SPDX-License-Identifier: MPL-2.0
// URLs that a CA hands out (RFC 8555 section 6.1: https alone).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/url.h"

namespace engine::acme {

// `reference` against `from`, the URL of what it stands in. Errors: kInvalid (no URL), kProtocol (it leads from https to plain
// http, where what is signed could be read and answered by anybody).
base::Result<std::string> ResolveCaUrl(std::string_view from, std::string_view reference);

// kProtocol.
base::Error NotHttps(const base::Url& url);

}  // namespace engine::acme
