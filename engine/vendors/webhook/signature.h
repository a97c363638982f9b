// SPDX-License-Identifier: MPL-2.0
// The header Certwright-Signature, by which a server knows that a request is Certwright's and new: "t=<seconds since 1970>,
// v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>". Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace engine::vendors::webhook {

inline constexpr const char* kSignatureHeader = "Certwright-Signature";

// The header's value.
std::string Sign(const base::Secret& key, base::TimePoint now, std::string_view body);

}  // namespace engine::vendors::webhook
