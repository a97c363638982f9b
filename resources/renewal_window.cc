// SPDX-License-Identifier: MPL-2.0
#include "resources/renewal_window.h"

namespace resources {

base::TimePoint RenewalDueAt(base::TimePoint not_before, base::TimePoint not_after) {
  const auto lifetime = not_after - not_before;
  const bool is_short = lifetime < std::chrono::days(10);
  return not_after - lifetime / (is_short ? 2 : 3);
}

}  // namespace resources
