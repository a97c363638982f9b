// SPDX-License-Identifier: MPL-2.0
// When a certificate is due for renewal. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace resources::certificate {

// Go's duration syntax, or days: "720h", "30d". Empty when it is neither or not positive.
std::optional<std::chrono::milliseconds> ParseSpan(std::string_view text);

// How long before its expiry a certificate is renewed: a span of time, or a percentage of the lifetime.
using RenewBefore = std::variant<std::chrono::milliseconds, int>;
// "720h", "30d", "33%" (1% to 99%); empty when it is none of these.
std::optional<RenewBefore> ParseRenewBefore(std::string_view text);

// `renew_before` its end, where that is after its start (it would be renewed for ever). Without it one third of the lifetime
// before expiry; half of it for lifetimes under ten days.
base::TimePoint RenewalDueAt(base::TimePoint not_before, base::TimePoint not_after,
                             const std::optional<RenewBefore>& renew_before = {});
// True when RenewalDueAt cannot follow `renew_before`: it is as long as the certificate lives.
bool IsTooLong(const RenewBefore& renew_before, base::TimePoint not_before, base::TimePoint not_after);

struct Window {
  base::TimePoint start;
  base::TimePoint end;  // after start
};

// An instant of the window, uniform over certificates, the same each time for the same certificate and window (RFC 9773 section
// 4.2). `fingerprint`: of the certificate.
base::TimePoint PickInstant(const Window& window, std::string_view fingerprint);

}  // namespace resources::certificate
