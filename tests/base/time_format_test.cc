// SPDX-License-Identifier: MPL-2.0
#include "base/time_format.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using namespace std::chrono_literals;

TimePoint At(std::int64_t seconds) { return TimePoint(std::chrono::seconds(seconds)); }

TEST(FormatRfc3339, IsUtcInWholeSeconds) {
  EXPECT_EQ(FormatRfc3339(At(1767323045)), "2026-01-02T03:04:05Z");
  EXPECT_EQ(FormatRfc3339(At(1767323045) + 999ms), "2026-01-02T03:04:05Z");
  EXPECT_EQ(FormatRfc3339(At(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatRfc3339(At(-1)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(FormatRfc3339(At(1709164800)), "2024-02-29T00:00:00Z");
}

TEST(ParseRfc3339, ReadsZoneOffsetsAndDropsFractions) {
  const auto want = At(1767323045);

  for (const char* text : {"2026-01-02T03:04:05Z", "2026-01-02t03:04:05z", "2026-01-02 03:04:05Z",
                           "2026-01-02T03:04:05.999999999999Z", "2026-01-02T04:34:05+01:30", "2026-01-01T23:04:05-04:00"}) {
    EXPECT_EQ(ParseRfc3339(text), want) << text;
  }
}

TEST(ParseRfc3339, TakesALeapSecondForTheSecondBefore) {
  EXPECT_EQ(ParseRfc3339("2016-12-31T23:59:60Z"), ParseRfc3339("2016-12-31T23:59:59Z"));
}

TEST(ParseRfc3339, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026-01-02", "2026-01-02T03:04:05", "2026-1-02T03:04:05Z", "2026-13-02T03:04:05Z", "2026-02-30T03:04:05Z",
        "2026-00-02T03:04:05Z", "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z", "2026-01-02T03:04:61Z", "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+0100", "2026-01-02T03:04:05Zx", "9999-01-02T03:04:05Z",
        "0000-01-01T00:00:00Z", "+026-01-02T03:04:05Z", "1678-01-01T00:00:00+23:59", "2261-12-31T23:59:59-00:01"}) {
    EXPECT_EQ(ParseRfc3339(text), std::nullopt) << text;
  }
}

TEST(FormatHttpDate, IsAnImfFixdate) {
  EXPECT_EQ(FormatHttpDate(At(1767323045)), "Fri, 02 Jan 2026 03:04:05 GMT");
  EXPECT_EQ(FormatHttpDate(At(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(ParseHttpDate, ReadsAllThreeFormsOfRfc9110) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(ParseHttpDate(text), At(784111777)) << text;
  }
}

TEST(ParseHttpDate, PutsTwoDigitYearsBetween1970And2069) {
  EXPECT_EQ(ParseHttpDate("Friday, 02-Jan-26 03:04:05 GMT"), At(1767323045));
  EXPECT_EQ(ParseHttpDate("Thursday, 01-Jan-70 00:00:00 GMT"), At(0));
}

TEST(ParseHttpDate, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "120", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994 GMT"}) {
    EXPECT_EQ(ParseHttpDate(text), std::nullopt) << text;
  }
}

TEST(ParseDuration, ReadsGoSyntax) {
  EXPECT_EQ(ParseDuration("90s"), 90s);
  EXPECT_EQ(ParseDuration("2m"), 2min);
  EXPECT_EQ(ParseDuration("1h30m"), 90min);
  EXPECT_EQ(ParseDuration("36h"), 36h);
  EXPECT_EQ(ParseDuration("500ms"), 500ms);
  EXPECT_EQ(ParseDuration("1.5h"), 90min);
  EXPECT_EQ(ParseDuration("0.25s"), 250ms);
  EXPECT_EQ(ParseDuration("0"), 0ms);
}

TEST(ParseDuration, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "5", "s", "-1s", "1 s", "1d", "1s ", "1.s", ".5s", "1hm", "9223372036854775807h",
                           "99999999999999999999s", "9223372036854775807ms1ms"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(FormatDuration, IsReadBackByParseDuration) {
  EXPECT_EQ(FormatDuration(90s), "1m30s");
  EXPECT_EQ(FormatDuration(250ms), "250ms");
  EXPECT_EQ(FormatDuration(0ms), "0s");
  for (const auto span : {1ms, 999ms, 1000ms, 61'001ms, 3'600'000ms, 90'061'007ms}) {
    EXPECT_EQ(ParseDuration(FormatDuration(span)), span) << FormatDuration(span);
  }
}

}  // namespace
}  // namespace base
