// SPDX-License-Identifier: MPL-2.0
// What some arguments of a certificate may be. Certificate profiles have defaults and rules for the same ones.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schema/attribute.h"

namespace resources {

// "EC_P256" and the others that a private key is made with.
std::vector<std::string> KeyAlgorithms();

// Go's duration syntax, or days: "720h", "30d". Empty when it is neither or not positive.
std::optional<std::chrono::milliseconds> ParseSpan(std::string_view text);

// How long before its expiry a certificate is renewed: a span of time, or a percentage of the lifetime.
using RenewBefore = std::variant<std::chrono::milliseconds, int>;
// "720h", "30d", "33%" (1% to 99%); empty when it is none of these.
std::optional<RenewBefore> ParseRenewBefore(std::string_view text);

// Of `renew_before`.
schema::Validator IsRenewBefore();
// Of `validity` and the like: a span of at least a minute.
schema::Validator IsValidity();

}  // namespace resources
