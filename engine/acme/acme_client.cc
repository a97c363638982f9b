// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/acme_client.h"

#include <chrono>
#include <limits>

namespace engine::acme {

std::vector<base::http::Header> CommonHeaders() { return {{"Accept-Language", "en"}}; }

base::http::RetryPolicy RetryPolicyOf(const ClientOptions& options, Patience patience) {
  return {.attempts = patience == Patience::kBrief ? 5 : std::numeric_limits<int>::max(),
          .first_pause = std::chrono::milliseconds(250),
          .longest_pause = std::chrono::seconds(10),
          .random = options.random != nullptr ? options.random : &base::SystemRandom()};
}

}  // namespace engine::acme
