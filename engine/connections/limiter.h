// SPDX-License-Identifier: MPL-2.0
// The rate limit that all users of a connection share.
#pragma once

#include <memory>
#include <string_view>

#include "base/http/rate_limiter.h"
#include "base/text.h"
#include "engine/connections/connection.h"

namespace engine::connections {

// `service`: where a vendor limits each of its services by itself. `rate` counts when the account is met for the first time.
inline std::shared_ptr<base::http::RateLimiter> FindLimiter(const Connection& connection, const Deps& deps, base::http::Rate rate,
                                                            std::string_view service = {}) {
  return deps.shared->Get<base::http::RateLimiter>(base::Cat(connection.id, "/", service),
                                                   [&] { return std::make_shared<base::http::RateLimiter>(rate); });
}

}  // namespace engine::connections
