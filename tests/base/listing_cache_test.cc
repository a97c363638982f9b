// SPDX-License-Identifier: MPL-2.0
#include "base/listing_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/fake_clock.h"

namespace base {
namespace {

using tests::FakeClock;
using Items = ListingCache<int>::Items;

TEST(ListingCache, FetchesOnceAndAgainAfterAFailureOrWhenItWasForgotten) {
  FakeClock clock;
  ListingCache<int> cache;
  int fetched = 0;
  const auto fetch = [&]() -> Result<Items> {
    if (++fetched == 1) return Error{ErrorKind::kUnavailable, "down"};
    return Items{{"a", fetched}};
  };

  EXPECT_FALSE(cache.Find(clock.Call(), "a", fetch));
  EXPECT_EQ(**cache.Find(clock.Call(), "a", fetch), 2);
  EXPECT_EQ(*cache.Find(clock.Call(), "b", fetch), std::nullopt);
  cache.Forget();
  EXPECT_EQ(**cache.Find(clock.Call(), "a", fetch), 3);
}

TEST(ListingCache, TakesWhatIsKnownBetterIntoAListThatIsThere) {
  FakeClock clock;
  ListingCache<int> cache;
  const auto fetch = []() -> Result<Items> { return Items{{"a", 1}}; };
  cache.Set("b", 2);
  EXPECT_EQ(*cache.Find(clock.Call(), "b", fetch), std::nullopt) << "there was no list yet";

  cache.Set("b", 2);

  EXPECT_EQ(*cache.Find(clock.Call(), "b", fetch), 2);
}

TEST(ListingCache, GivesTheWholeListOfOneFetch) {
  FakeClock clock;
  ListingCache<int> cache;
  const auto fetch = []() -> Result<Items> { return Items{{"a", 1}, {"b", 2}}; };
  const auto fail = []() -> Result<Items> { return Error{ErrorKind::kUnavailable, "down"}; };

  EXPECT_FALSE(cache.All(clock.Call(), fail));
  EXPECT_EQ(**cache.All(clock.Call(), fetch), (Items{{"a", 1}, {"b", 2}}));
  EXPECT_TRUE(cache.All(clock.Call(), fail)) << "there is a list already";
}

TEST(ListingCache, FetchesOnceForManyThreads) {
  FakeClock clock;
  ListingCache<int> cache;
  std::atomic<int> fetched = 0;
  std::atomic<int> found = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        const auto item = cache.Find(clock.Call(), "a", [&]() -> Result<Items> {
          ++fetched;
          return Items{{"a", 1}};
        });
        if (item && *item == 1) ++found;
      });
    }
  }

  EXPECT_EQ(found, 16);
  EXPECT_EQ(fetched, 1);
}

// The list may be older than the change.
TEST(ListingCache, DoesNotKeepAListThatWasFetchedAcrossAChange) {
  FakeClock clock;
  ListingCache<int> cache;
  int fetched = 0;
  const auto fetch = [&]() -> Result<Items> {
    if (++fetched == 1) cache.Forget();
    if (fetched == 2) cache.Set("a", 7);
    return Items{{"a", fetched}};
  };

  EXPECT_EQ(*cache.Find(clock.Call(), "a", fetch), 1);
  EXPECT_EQ(*cache.Find(clock.Call(), "a", fetch), 2);
  EXPECT_EQ(*cache.Find(clock.Call(), "a", fetch), 3);
  EXPECT_EQ(*cache.Find(clock.Call(), "a", fetch), 3);
}

}  // namespace
}  // namespace base
