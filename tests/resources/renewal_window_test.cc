// SPDX-License-Identifier: MPL-2.0
#include "resources/renewal_window.h"

#include <gtest/gtest.h>

namespace resources {
namespace {

using std::chrono::days;
using std::chrono::hours;

const base::TimePoint kStart{std::chrono::seconds(1'700'000'000)};

TEST(RenewalDueAt, IsOneThirdBeforeExpiry) { EXPECT_EQ(RenewalDueAt(kStart, kStart + days(90)), kStart + days(60)); }

TEST(RenewalDueAt, IsHalfwayForShortLives) { EXPECT_EQ(RenewalDueAt(kStart, kStart + hours(160)), kStart + hours(80)); }

TEST(RenewalDueAt, TakesTenDaysAsLong) {
  EXPECT_EQ(RenewalDueAt(kStart, kStart + days(10)), kStart + days(10) - base::TimePoint::duration(days(10)) / 3);
}

}  // namespace
}  // namespace resources
