// SPDX-License-Identifier: MPL-2.0
// The rate limit that all users of a connection share.
#pragma once

#include <memory>
#include <string_view>

#include "base/http/rate_limiter.h"
#include "base/text.h"
#include "engine/connections/connection.h"

namespace engine::connections {

// `service`: where a vendor limits each of its services by itself.
inline std::shared_ptr<base::http::RateLimiter> FindLimiter(const Connection& connection, const Deps& deps, base::http::Rate rate,
                                                            std::string_view service = {}) {
  if (deps.limiters == nullptr) return std::make_shared<base::http::RateLimiter>(rate);
  return deps.limiters->Get(base::Cat(connection.id, "/", service), rate);
}

}  // namespace engine::connections
