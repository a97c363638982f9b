// SPDX-License-Identifier: MPL-2.0
#include "base/domain_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace base {
namespace {

using testing::HasSubstr;

std::string Parsed(std::string_view text) {
  const auto name = ParseDnsName(text, Wildcard::kAllowed);
  return name ? *name : "error: " + name.error().message;
}

std::string Refusal(std::string_view text, Wildcard wildcard = Wildcard::kAllowed) {
  const auto name = ParseDnsName(text, wildcard);
  if (name) return "accepted as " + *name;
  EXPECT_EQ(name.error().kind, ErrorKind::kInvalid);
  return name.error().message;
}

TEST(ParseDnsName, LowersAndDropsTheFinalDot) {
  EXPECT_EQ(Parsed("Example.TEST."), "example.test");
  EXPECT_EQ(Parsed("a-b.xn--bcher-kva.example"), "a-b.xn--bcher-kva.example");
  EXPECT_EQ(Parsed("1.2.example"), "1.2.example");
}

TEST(ParseDnsName, TakesAWildcardOnlyWhereAllowed) {
  EXPECT_EQ(Parsed("*.Example.test"), "*.example.test");
  EXPECT_EQ(Refusal("*.example.test", Wildcard::kRefused),
            "\"*.example.test\" is a wildcard, which is not possible here; write a single name");
}

TEST(ParseDnsName, SaysWhatIsWrong) {
  EXPECT_EQ(Refusal(""), "the domain name is empty");
  EXPECT_EQ(Refusal("."), "the domain name is empty");
  EXPECT_EQ(Refusal("a..test"), "\"a..test\" has an empty label: two dots follow each other, or a dot comes first");
  EXPECT_EQ(Refusal(".test"), "\".test\" has an empty label: two dots follow each other, or a dot comes first");
  EXPECT_EQ(Refusal("localhost"), "\"localhost\" is a single label; write the full name, as in \"www.example.com\"");
  EXPECT_EQ(Refusal("*.test"), "\"*.test\" covers a whole top-level domain; no authority issues that");
  EXPECT_EQ(Refusal("a_b.test"), "\"a_b.test\" holds an underscore, which no certificate authority accepts in a host name");
  EXPECT_EQ(Refusal("a b.test"), "\"a b.test\" holds the character \" \"; only letters, digits and dashes are allowed");
  EXPECT_EQ(Refusal("-a.test"), "\"-a.test\" has a label that begins or ends with a dash: \"-a\"");
  EXPECT_EQ(Refusal("a-.test"), "\"a-.test\" has a label that begins or ends with a dash: \"a-\"");
  EXPECT_EQ(Refusal(" a.test"), "\" a.test\" begins or ends with white space; remove it");
  EXPECT_EQ(Refusal("https://a.test"), "\"https://a.test\" is a URL; write the host name alone");
  EXPECT_EQ(Refusal("www.example.42"), "\"www.example.42\" ends with \"42\": a top-level domain is not a number");
}

TEST(ParseDnsName, RefusesStarsElsewhere) {
  for (const char* text : {"a.*.test", "a*.example.test", "*.*.test", "*a.example.test"}) {
    EXPECT_THAT(Refusal(text), HasSubstr("a star in the wrong place")) << text;
  }
}

TEST(ParseDnsName, RefusesAddresses) {
  for (const char* text : {"192.0.2.1", "2001:db8::1", "[2001:db8::1]", "::1", "192.0.2.1."}) {
    EXPECT_THAT(Refusal(text), HasSubstr("is an IP address; only domain names can be validated through DNS")) << text;
  }
}

TEST(ParseDnsName, AsksForTheAsciiFormOfInternationalNames) {
  EXPECT_EQ(Refusal("b\xc3\xbc"
                    "cher.example"),
            "\"b\xc3\xbc"
            "cher.example\" holds letters outside ASCII; write the name in its ASCII form (xn--…), as \"idn2 <name>\" prints it");
}

TEST(ParseDnsName, HoldsTheLimitsOfRfc1035) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');

  EXPECT_EQ(longest.size(), 253U);
  EXPECT_EQ(Parsed(longest), longest);
  EXPECT_EQ(Parsed(longest + "."), longest);
  EXPECT_THAT(Refusal(longest + "b"), HasSubstr("is 254 characters long, the limit is 253"));
  EXPECT_THAT(Refusal(label + "a.test"), HasSubstr("has a label of 64 characters, the limit is 63"));
}

TEST(ParseDnsName, DoesNotEchoControlCharacters) {
  EXPECT_EQ(Refusal("a\x1b[31m.test"), "\"a [31m.test\" holds the character \" \"; only letters, digits and dashes are allowed");
}

TEST(WithoutWildcard, CutsOneStarLabel) {
  EXPECT_EQ(WithoutWildcard("*.example.test"), "example.test");
  EXPECT_EQ(WithoutWildcard("example.test"), "example.test");
}

TEST(Absolute, EndsWithOneDot) {
  EXPECT_EQ(Absolute("Example.test"), "example.test.");
  EXPECT_EQ(Absolute("example.test."), "example.test.");
  EXPECT_EQ(Absolute("."), ".");
}

TEST(IsInZone, ComparesWholeLabels) {
  EXPECT_TRUE(IsInZone("example.test", "example.test."));
  EXPECT_TRUE(IsInZone("_acme-challenge.A.Example.TEST.", "example.test"));
  EXPECT_TRUE(IsInZone("a.test", "."));
  EXPECT_FALSE(IsInZone("badexample.test", "example.test"));
  EXPECT_FALSE(IsInZone("test", "example.test"));
}

}  // namespace
}  // namespace base
