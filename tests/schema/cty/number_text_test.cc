// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace schema::cty {
namespace {

std::string Canonical(std::string_view text) {
  const auto number = NumberText::Parse(text);
  return number ? number->text() : "(none)";
}

TEST(NumberText, IsCanonicalWhateverTheSpelling) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.000", "0"},
      {"007", "7"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"1.50", "1.5"},
      {"-0.10", "-0.1"},
      {"12.34e1", "123.4"},
      {"5e-1", "0.5"},
      {"100e-2", "1"},
      {"0.05", "0.05"},
      {"1e-3", "0.001"},
      {"12345678901234567890123", "12345678901234567890123"},
      {"1e600", "1e600"},
      {"15e599", "15e599"},
      {"-2.5e-600", "-25e-601"},
  };
  for (const auto& [text, canonical] : cases) EXPECT_EQ(Canonical(text), canonical) << text;
}

TEST(NumberText, RefusesWhatIsNoNumber) {
  for (const std::string_view text : {"", "-", "+1", ".5", "1.", "1e", "1e+", "1e+-3", "0x10", "1 ", " 1", "1.2.3", "inf", "nan",
                                      "1e9999999", "1e99999999999999999999"}) {
    EXPECT_EQ(Canonical(text), "(none)") << text;
  }
}

// Whatever the zeros around the digits: what is written has the same exponent, and is read again.
TEST(NumberText, HoldsExponentsOfTheCanonicalTextUpToAMillion) {
  EXPECT_EQ(Canonical("99e1000000"), "99e1000000");
  EXPECT_EQ(Canonical("99000e999997"), "99e1000000");
  EXPECT_EQ(Canonical("0.99e-999998"), "99e-1000000");
  for (const std::string_view text : {"990e1000000", "9e1000001", "0.99e-999999"}) EXPECT_EQ(Canonical(text), "(none)") << text;
  EXPECT_EQ(Canonical("0e1500000"), "0");
}

TEST(NumberText, HoldsAtMost512Digits) {
  EXPECT_EQ(Canonical(std::string(512, '7')), std::string(512, '7'));
  EXPECT_EQ(Canonical(std::string(513, '7')), "(none)");
}

TEST(NumberText, ConvertsToIntegersOnlyWhenExact) {
  EXPECT_EQ(NumberText::Parse("-9223372036854775808")->ToInt64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(NumberText::Parse("9223372036854775808")->ToInt64(), std::nullopt);
  EXPECT_EQ(NumberText::Parse("18446744073709551615")->ToUint64(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(NumberText::Parse("-1")->ToUint64(), std::nullopt);
  EXPECT_EQ(NumberText::Parse("1.5")->ToInt64(), std::nullopt);
}

TEST(NumberText, KeepsDoublesDigitByDigit) {
  EXPECT_EQ(NumberText::Exactly(0.5)->text(), "0.5");
  EXPECT_EQ(NumberText::Exactly(-0.0)->text(), "0");
  EXPECT_EQ(NumberText::Exactly(0.1)->text(), "0.1000000000000000055511151231257827021181583404541015625");
  EXPECT_EQ(NumberText::Exactly(1e22)->text(), "10000000000000000000000");
  EXPECT_EQ(NumberText::Exactly(std::nan("")), std::nullopt);
  EXPECT_EQ(NumberText::Exactly(std::numeric_limits<double>::infinity()), std::nullopt);
}

TEST(NumberText, TurnsIntoTheNearestDouble) {
  EXPECT_EQ(NumberText::Parse("0.1")->ToDouble(), 0.1);
  EXPECT_EQ(NumberText::Parse("1e400")->ToDouble(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(NumberText::Parse("-1e400")->ToDouble(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(NumberText::Parse("1e-400")->ToDouble(), 0);
  EXPECT_EQ(NumberText::Parse("1e-600")->ToDouble(), 0);
}

}  // namespace
}  // namespace schema::cty
