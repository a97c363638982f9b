// SPDX-License-Identifier: MPL-2.0
// When a certificate is due for renewal. Pure.
#pragma once

#include "base/result.h"

namespace resources {

// One third of the lifetime before expiry; half of it for lifetimes under ten days.
base::TimePoint RenewalDueAt(base::TimePoint not_before, base::TimePoint not_after);

}  // namespace resources
