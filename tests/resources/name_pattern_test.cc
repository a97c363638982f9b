// SPDX-License-Identifier: MPL-2.0
#include "resources/name_pattern.h"

#include <gtest/gtest.h>

#include <array>

namespace resources {
namespace {

struct PatternCase {
  const char* pattern;
  const char* name;
  bool matches_all;
  bool matches_any;
};

constexpr std::array kPatternCases = {
    PatternCase{"a.test", "a.test", true, true},
    PatternCase{"a.test", "b.test", false, false},
    PatternCase{"a.test", "x.a.test", false, false},
    PatternCase{"a.test", "*.a.test", false, false},
    PatternCase{"*.a.test", "x.a.test", true, true},
    PatternCase{"*.a.test", "a.test", false, false},
    PatternCase{"*.a.test", "x.y.a.test", false, false},
    PatternCase{"*.a.test", "xa.test", false, false},
    PatternCase{"*.a.test", "*.a.test", true, true},
    PatternCase{"*.a.test", "*.x.a.test", false, false},
    PatternCase{"**.a.test", "x.a.test", true, true},
    PatternCase{"**.a.test", "x.y.a.test", true, true},
    PatternCase{"**.a.test", "a.test", false, false},
    PatternCase{"**.a.test", "xa.test", false, false},
    PatternCase{"**.a.test", "*.a.test", true, true},
    PatternCase{"**.a.test", "*.x.a.test", true, true},
    PatternCase{"**.a.test", "*.test", false, false},
    // A wildcard stands for this name among others.
    PatternCase{"admin.a.test", "*.a.test", false, true},
    PatternCase{"admin.x.a.test", "*.a.test", false, false},
    PatternCase{"a.test", "*.test", false, true},
};

TEST(MatchesAll, GoesByLabels) {
  for (const PatternCase& one : kPatternCases) {
    EXPECT_EQ(MatchesAll(one.pattern, one.name), one.matches_all) << one.pattern << ' ' << one.name;
  }
}

TEST(ParseNamePattern, TakesInternationalNamesInBothForms) {
  for (const char* const start : {"", "*.", "**."}) {
    const std::string ascii = std::string(start) + "xn--bcher-kva.test";

    EXPECT_EQ(*ParseNamePattern(std::string(start) + "Bücher.test"), ascii);
    EXPECT_EQ(*ParseNamePattern(ascii), ascii);
  }
  EXPECT_FALSE(ParseNamePattern("*.xn--x.test"));
}

TEST(MatchesAny, KnowsWhatAWildcardStandsFor) {
  for (const PatternCase& one : kPatternCases) {
    EXPECT_EQ(MatchesAny(one.pattern, one.name), one.matches_any) << one.pattern << ' ' << one.name;
  }
}

TEST(ParseNamePattern, IsInLowerCaseAndWithoutFinalDot) {
  EXPECT_EQ(*ParseNamePattern("**.A.Test."), "**.a.test");
  EXPECT_EQ(*ParseNamePattern("*.A.Test"), "*.a.test");
  EXPECT_EQ(*ParseNamePattern("A.test."), "a.test");
}

TEST(ParseNamePattern, RefusesStarsElsewhere) {
  for (const char* pattern : {"", "*", "**", "a.*.test", "x*.a.test", "**.*.a.test", "*.**.a.test", "***.a.test", "a..test"}) {
    EXPECT_FALSE(ParseNamePattern(pattern)) << pattern;
  }
}

}  // namespace
}  // namespace resources
