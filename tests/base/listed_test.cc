// SPDX-License-Identifier: MPL-2.0
#include "base/listed.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using Items = Listed<int>::Items;

TEST(Listed, FetchesOnceAndAgainAfterAFailureOrWhenItWasForgotten) {
  Listed<int> listed;
  int fetched = 0;
  const auto fetch = [&]() -> Result<Items> {
    if (++fetched == 1) return Error{ErrorKind::kUnavailable, "down"};
    return Items{{"a", fetched}};
  };

  EXPECT_FALSE(listed.Find("a", fetch));
  EXPECT_EQ(**listed.Find("a", fetch), 2);
  EXPECT_EQ(*listed.Find("b", fetch), std::nullopt);
  listed.Forget();
  EXPECT_EQ(**listed.Find("a", fetch), 3);
}

TEST(Listed, TakesWhatIsKnownBetterIntoAListThatIsThere) {
  Listed<int> listed;
  const auto fetch = []() -> Result<Items> { return Items{{"a", 1}}; };
  listed.Set("b", 2);
  EXPECT_EQ(*listed.Find("b", fetch), std::nullopt) << "there was no list yet";

  listed.Set("b", 2);

  EXPECT_EQ(*listed.Find("b", fetch), 2);
}

}  // namespace
}  // namespace base
