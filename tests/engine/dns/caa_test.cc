// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/caa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace engine::dns {
namespace {

using ::testing::HasSubstr;

const CaaIssuer kIssuer{
    .identities = {"ca.example", "ca2.example"}, .account_url = "https://ca.example/acct/1", .validation_method = "dns-01"};

CaaProperty Property(std::string tag, std::string value) {
  return {.is_critical = false, .tag = std::move(tag), .value = std::move(value)};
}
CaaProperty Critical(std::string tag) { return {.is_critical = true, .tag = std::move(tag), .value = "x"}; }

struct CaaCase {
  const char* label;
  std::vector<CaaProperty> properties;
  const char* name;      // refusal for a name; null: allowed
  const char* wildcard;  // the same for a wildcard
};

const char* const kNotNamed = "is not among their issue properties";
const char* const kNotNamedWild = "is not among their issuewild properties";
const char* const kAccount = "for other accounts than https://ca.example/acct/1";
const char* const kMethod = "to validate by dns-01";

const CaaCase kCases[] = {
    {"no records", {}, nullptr, nullptr},
    {"this CA", {Property("issue", "ca.example")}, nullptr, nullptr},
    {"its other identity, in capitals", {Property("issue", "CA2.Example")}, nullptr, nullptr},
    {"another CA", {Property("issue", "other.example")}, kNotNamed, kNotNamed},
    {"another CA and this one", {Property("issue", "other.example"), Property("issue", " ca.example ")}, nullptr, nullptr},
    {"nobody", {Property("issue", ";")}, kNotNamed, kNotNamed},
    {"nobody, empty", {Property("issue", "")}, kNotNamed, kNotNamed},
    {"nobody and this CA", {Property("issue", ";"), Property("issue", "ca.example")}, nullptr, nullptr},
    {"wildcards alone are restricted", {Property("issuewild", "other.example")}, nullptr, kNotNamedWild},
    {"no wildcards", {Property("issue", "ca.example"), Property("issuewild", ";")}, nullptr, kNotNamedWild},
    {"wildcards here, names elsewhere",
     {Property("issue", "other.example"), Property("issuewild", "ca.example")},
     kNotNamed,
     nullptr},
    {"reports only", {Property("iodef", "mailto:a@b.test")}, nullptr, nullptr},
    {"mail only", {Property("issuemail", ";")}, nullptr, nullptr},
    {"unknown and critical", {Property("issue", "ca.example"), Critical("tbs")}, "\"tbs\" is marked as critical", "\"tbs\""},
    {"unknown", {Property("tbs", "x"), Property("issue", "ca.example")}, nullptr, nullptr},
    {"known and critical", {Critical("iodef"), Property("issue", "ca.example")}, nullptr, nullptr},
    {"this account", {Property("issue", "ca.example; accounturi=https://ca.example/acct/1")}, nullptr, nullptr},
    {"another account", {Property("issue", "ca.example;accounturi=https://ca.example/acct/2")}, kAccount, kAccount},
    {"two accounts in one property",
     {Property("issue", "ca.example; accounturi=https://ca.example/acct/1; accounturi=https://ca.example/acct/2")},
     kAccount,
     kAccount},
    {"two accounts in two properties",
     {Property("issue", "ca.example; accounturi=https://ca.example/acct/2"),
      Property("issue", "ca.example; accounturi=https://ca.example/acct/1")},
     nullptr,
     nullptr},
    {"this method", {Property("issue", "ca.example; validationmethods=http-01, DNS-01")}, nullptr, nullptr},
    {"another method", {Property("issue", "ca.example; validationmethods=http-01")}, kMethod, kMethod},
    {"an unknown parameter", {Property("issue", "ca.example; policy=ev")}, nullptr, nullptr},
    {"a malformed parameter", {Property("issue", "ca.example; policy")}, kNotNamed, kNotNamed},
    {"a malformed issuer", {Property("issue", "ca.example other.example")}, kNotNamed, kNotNamed},
};

TEST(FindCaaRefusal, DecidesAsRfc8659And8657Say) {
  for (const CaaCase& one : kCases) {
    const auto name = FindCaaRefusal(one.properties, CaaSubject::kName, kIssuer);
    const auto wildcard = FindCaaRefusal(one.properties, CaaSubject::kWildcard, kIssuer);

    EXPECT_EQ(name.has_value(), one.name != nullptr) << one.label << ": " << name.value_or("allowed");
    EXPECT_EQ(wildcard.has_value(), one.wildcard != nullptr) << one.label << ": " << wildcard.value_or("allowed");
    EXPECT_THAT(name.value_or(""), HasSubstr(one.name == nullptr ? "" : one.name)) << one.label;
    EXPECT_THAT(wildcard.value_or(""), HasSubstr(one.wildcard == nullptr ? "" : one.wildcard)) << one.label;
  }
}

TEST(ParseCaa, TakesRecordsApart) {
  const auto property = ParseCaa(std::string("\x80\x05Issueca.example; a=b", 22));

  ASSERT_TRUE(property);
  EXPECT_TRUE(property->is_critical);
  EXPECT_EQ(property->tag, "issue");
  EXPECT_EQ(property->value, "ca.example; a=b");
  EXPECT_EQ(ToText(*property), "128 issue \"ca.example; a=b\"");
}

TEST(ParseCaa, RefusesWhatIsCutOff) {
  EXPECT_FALSE(ParseCaa(""));
  EXPECT_FALSE(ParseCaa(std::string("\0", 1)));
  EXPECT_FALSE(ParseCaa(std::string("\0\0", 2)));
  EXPECT_FALSE(ParseCaa(std::string("\0\x05issu", 6)));
}

}  // namespace
}  // namespace engine::dns
