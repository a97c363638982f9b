// SPDX-License-Identifier: MPL-2.0
// RequestBudget: how many signed requests one order may cost. A CA decides how often it is asked, by nonces that it refuses,
// authorizations, and orders that never end: a hostile one must not make a runner send tens of thousands of requests.
#pragma once

#include <atomic>
#include <cstddef>

#include "base/result.h"

namespace engine::acme {

// Safe from many threads.
class RequestBudget {
 public:
  // Far more than a slow CA takes: half an hour of polls, with a look at each authorization after every fourth.
  explicit RequestBudget(std::size_t names) : limit_(1000 + 200 * names), left_(limit_) {}

  // Counts one request. Errors: kProtocol (there were too many).
  base::Result<void> Spend();

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> left_;
};

}  // namespace engine::acme
