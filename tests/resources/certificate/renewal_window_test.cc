// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/renewal_window.h"

#include <gtest/gtest.h>

#include <array>

#include "base/text.h"

namespace resources::certificate {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;

const base::TimePoint kStart{std::chrono::seconds(1'700'000'000)};

TEST(RenewalDueAt, IsOneThirdBeforeExpiry) { EXPECT_EQ(RenewalDueAt(kStart, kStart + days(90)), kStart + days(60)); }

TEST(RenewalDueAt, IsHalfwayForShortLives) { EXPECT_EQ(RenewalDueAt(kStart, kStart + hours(160)), kStart + hours(80)); }

TEST(RenewalDueAt, TakesTenDaysAsLong) {
  EXPECT_EQ(RenewalDueAt(kStart, kStart + days(10)), kStart + days(10) - base::TimePoint::duration(days(10)) / 3);
}

struct DueCase {
  const char* renew_before;
  base::TimePoint::duration lifetime;
  base::TimePoint::duration due_after;
};

TEST(RenewalDueAt, FollowsRenewBeforeAsFarAsTheLifetimeAllows) {
  const DueCase cases[] = {{"30d", days(90), days(60)},     {"720h", days(90), days(60)},         {"33%", days(100), days(67)},
                           {"50%", hours(160), hours(80)},  {"1%", days(100), days(99)},          {"99%", days(100), days(1)},
                           {"36h", days(6), days(4) + 12h}, {"90d", days(90), days(60)},          {"100d", days(90), days(60)},
                           {"30d", hours(160), hours(80)},  {"1h30m", days(1), hours(22) + 30min}};
  for (const DueCase& one : cases) {
    EXPECT_EQ(RenewalDueAt(kStart, kStart + one.lifetime, ParseRenewBefore(one.renew_before)), kStart + one.due_after)
        << one.renew_before;
  }
}

TEST(IsTooLong, SpeaksOfTheWholeLife) {
  EXPECT_TRUE(IsTooLong(*ParseRenewBefore("90d"), kStart, kStart + days(90)));
  EXPECT_FALSE(IsTooLong(*ParseRenewBefore("89d"), kStart, kStart + days(90)));
  EXPECT_FALSE(IsTooLong(*ParseRenewBefore("99%"), kStart, kStart + hours(1)));
}

TEST(ParseRenewBefore, RefusesWhatIsNeitherTimeNorPercentage) {
  for (const char* text :
       {"", "30", "0d", "-1d", "d", "%", "0%", "100%", "-5%", "3.5%", "0s", "1w", "30 d", "4000d", "99999999999d"}) {
    EXPECT_FALSE(ParseRenewBefore(text)) << text;
  }
}

TEST(PickInstant, IsTheSameEachTimeAndWithinTheWindow) {
  const Window window{kStart, kStart + days(2)};
  for (int i = 0; i < 100; ++i) {
    const std::string fingerprint = base::Cat("certificate ", i);
    const base::TimePoint picked = PickInstant(window, fingerprint);

    EXPECT_EQ(PickInstant(window, fingerprint), picked);
    EXPECT_GE(picked, window.start);
    EXPECT_LT(picked, window.end);
  }
}

TEST(PickInstant, SpreadsManyCertificatesEvenly) {
  const Window window{kStart, kStart + days(10)};
  std::array<int, 10> by_day{};
  for (int i = 0; i < 10'000; ++i) {
    const auto after = PickInstant(window, base::Cat("certificate ", i)) - window.start;
    ++by_day.at(static_cast<std::size_t>(after / days(1)));
  }

  for (const int count : by_day) EXPECT_NEAR(count, 1000, 150);
}

TEST(PickInstant, IsAnotherOneForAnotherWindow) {
  const auto in_first = PickInstant({kStart, kStart + days(2)}, "certificate") - kStart;
  const auto in_second = PickInstant({kStart + days(1), kStart + days(3)}, "certificate") - (kStart + days(1));

  EXPECT_NE(in_first, in_second);
}

}  // namespace
}  // namespace resources::certificate
