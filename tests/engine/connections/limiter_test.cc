// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/limiter.h"
#include "tests/support/settings.h"

#include <gtest/gtest.h>

namespace engine::connections {
namespace {

constexpr base::http::Rate kRate{.requests = 5, .period = std::chrono::seconds(1)};

Connection Account(const std::string& id) {
  return {.kind = "cloudflare", .id = id, .settings = tests::ConnectionSettings("cloudflare")};
}

TEST(FindLimiter, GivesOneToEachAccountAndService) {
  const Deps deps;

  EXPECT_EQ(FindLimiter(Account("a"), deps, kRate), FindLimiter(Account("a"), deps, kRate));
  EXPECT_NE(FindLimiter(Account("a"), deps, kRate), FindLimiter(Account("b"), deps, kRate));
  EXPECT_NE(FindLimiter(Account("a"), deps, kRate), FindLimiter(Account("a"), deps, kRate, "dns"));
}

TEST(FindLimiter, IsSharedByCopiesOfDepsAndNotByOthers) {
  const Deps deps;
  const Deps copy = deps;
  const Deps other;

  EXPECT_EQ(FindLimiter(Account("a"), deps, kRate), FindLimiter(Account("a"), copy, kRate));
  EXPECT_NE(FindLimiter(Account("a"), deps, kRate), FindLimiter(Account("a"), other, kRate));
}

}  // namespace
}  // namespace engine::connections
