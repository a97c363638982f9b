// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/nonces.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;

constexpr base::SteadyTime kNow{1'000'000s};

TEST(NoncePool, GivesTheNewestFirstAndEachOnce) {
  NoncePool pool;
  pool.Put("first", kNow);
  pool.Put("second", kNow + 1s);

  EXPECT_EQ(pool.Take(kNow + 2s), "second");
  EXPECT_EQ(pool.Take(kNow + 2s), "first");
  EXPECT_EQ(pool.Take(kNow + 2s), std::nullopt);
}

TEST(NoncePool, DropsNoncesOfMoreThanFiveMinutes) {
  NoncePool pool;
  pool.Put("old", kNow);
  pool.Put("young", kNow + 10s);

  EXPECT_EQ(pool.Take(kNow + 5min + 5s), "young");
  EXPECT_EQ(pool.Take(kNow + 5min + 5s), std::nullopt);
}

TEST(NoncePool, KeepsSixtyFourAtMost) {
  NoncePool pool;
  for (int i = 0; i < 100; ++i) pool.Put(base::Cat("n", i), kNow);

  int count = 0;
  while (pool.Take(kNow)) ++count;

  EXPECT_EQ(count, 64);
}

TEST(NoncePool, IgnoresWhatIsNoBase64Url) {
  NoncePool pool;
  for (const char* text : {"", "a+b", "a/b", "a=", "a b", "a\"b"}) pool.Put(text, kNow);
  pool.Put(std::string(1025, 'a'), kNow);

  EXPECT_EQ(pool.Take(kNow), std::nullopt);
}

}  // namespace
}  // namespace engine::acme
