// SPDX-License-Identifier: MPL-2.0
// When a certificate is due for renewal. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "resources/certificate_arguments.h"

namespace resources::certificate {

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
