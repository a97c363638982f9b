// SPDX-License-Identifier: MPL-2.0
#include "base/idn/international_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace base::idn {
namespace {

using testing::HasSubstr;

std::string Parsed(std::string_view text) {
  const auto name = ParseInternationalName(text, Wildcard::kAllowed);
  if (name) return *name;
  EXPECT_EQ(name.error().kind, ErrorKind::kInvalid);
  return "error: " + name.error().message;
}

TEST(ParseInternationalName, TakesWhatPeopleWrite) {
  EXPECT_EQ(Parsed("bücher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(Parsed("BÜCHER.Example."), "xn--bcher-kva.example");
  EXPECT_EQ(Parsed("*.bücher.example"), "*.xn--bcher-kva.example");
  EXPECT_EQ(Parsed("www.例え。テスト"), "www.xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(Parsed("bu\u0308cher.example"), "xn--bcher-kva.example");  // not composed
}

// Transitional processing would make it another name, with another owner.
TEST(ParseInternationalName, KeepsTheSharpS) { EXPECT_EQ(Parsed("straße.example"), "xn--strae-oqa.example"); }

TEST(ParseInternationalName, LeavesAsciiToParseDnsName) {
  EXPECT_EQ(Parsed("Example.TEST."), "example.test");
  EXPECT_EQ(Parsed("ab--cd.test"), "ab--cd.test");
  EXPECT_EQ(Parsed(""), "error: the domain name is empty");
  EXPECT_THAT(Parsed("192.0.2.1"), HasSubstr("is an IP address"));
}

TEST(ParseInternationalName, TakesALabelsThatDecode) {
  EXPECT_EQ(Parsed("XN--Bcher-KVA.example"), "xn--bcher-kva.example");
  EXPECT_EQ(Parsed("xn--i-7iq.ws"), "xn--i-7iq.ws");  // i❤, which IDNA2008 does not allow and .ws registers
}

TEST(ParseInternationalName, RefusesALabelsThatDoNot) {
  for (const char* label : {"xn--zzzzzzzzz", "xn--abc-", "xn--"}) {
    EXPECT_THAT(Parsed(std::string(label) + ".test"), HasSubstr("begins with xn-- and does not decode")) << label;
  }
}

TEST(ParseInternationalName, RefusesWhatUts46DoesNotAllow) {
  for (const char* label : {"💩", "-ü", "ab--ü", "א1a", "a\xff"}) {
    EXPECT_THAT(Parsed(std::string(label) + ".test"), HasSubstr("has a label that is no international name")) << label;
  }
}

// libidn2 leaves them out if it is asked to apply the rules of host names.
TEST(ParseInternationalName, DropsNoCharacter) {
  for (const char* label : {"a_ü", "a ü", "a:ü", "\uff3fü", "\u2474ü", "https://ü"}) {
    EXPECT_THAT(Parsed(std::string(label) + ".test"), HasSubstr("error: ")) << label;
  }
  EXPECT_THAT(Parsed("\u2474.test"), HasSubstr("not allowed in host names"));
}

TEST(ParseInternationalName, HoldsTheLimitsForTheEncodedName) {
  EXPECT_THAT(Parsed(std::string(60, 'a') + "ü.test"), HasSubstr("error: "));
}

TEST(ParseInternationalName, TakesAWildcardOnlyWhereAllowed) {
  EXPECT_FALSE(ParseInternationalName("*.bücher.example", Wildcard::kRefused));
}

}  // namespace
}  // namespace base::idn
