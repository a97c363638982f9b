// SPDX-License-Identifier: MPL-2.0
#include "base/json.h"

#include <gtest/gtest.h>

namespace base {
namespace {

std::string Nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(ParseJson, ReadsWhatDumpJsonWrites) {
  const std::string text = R"({"a":[1,"\u00e9",true,null],"b":{}})";

  const auto value = ParseJson(text);

  ASSERT_TRUE(value);
  EXPECT_EQ(DumpJson(*value), "{\"a\":[1,\"\xc3\xa9\",true,null],\"b\":{}}");
}

TEST(ParseJson, RefusesTruncatedAndForeignText) {
  for (const char* text : {"", "{", "{\"a\":", "<html>", "{\"a\":1} x", "\"\xff\""}) {
    const auto value = ParseJson(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().kind, ErrorKind::kProtocol) << text;
  }
}

TEST(ParseJson, RefusesDeepNesting) {
  EXPECT_TRUE(ParseJson(Nested(32)));
  EXPECT_FALSE(ParseJson(Nested(33)));
  EXPECT_FALSE(ParseJson(std::string(1'000'000, '[')));
}

TEST(ParseJson, DoesNotCountBracketsInsideStrings) {
  EXPECT_TRUE(ParseJson("[\"" + std::string(100, '[') + "\\\"[[\"]", {.depth = 1}));
}

TEST(ParseJson, RefusesLongText) { EXPECT_FALSE(ParseJson("[1,2,3]", {.bytes = 6})); }

TEST(ParseJsonObject, RefusesOtherValues) {
  EXPECT_TRUE(ParseJsonObject("{}"));
  EXPECT_FALSE(ParseJsonObject("[]"));
}

TEST(Getters, AnswerOnlyForTheRightType) {
  const auto value = ParseJson(R"({"s":"text","i":-7,"b":true,"n":null,"l":["a",1,"b"],"big":18446744073709551615})");
  ASSERT_TRUE(value);

  EXPECT_EQ(FindString(*value, "s"), "text");
  EXPECT_EQ(FindString(*value, "i"), std::nullopt);
  EXPECT_EQ(FindInteger(*value, "i"), -7);
  EXPECT_EQ(FindInteger(*value, "big"), std::nullopt);
  EXPECT_EQ(FindBool(*value, "b"), true);
  EXPECT_EQ(FindMember(*value, "n"), nullptr);
  EXPECT_EQ(FindMember(Json::array(), "n"), nullptr);
  EXPECT_EQ(FindStrings(*value, "l"), (std::vector<std::string>{"a", "b"}));
}

TEST(GetString, NamesTheMissingMember) {
  const auto missing = GetString(Json::object(), "token");

  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "the member \"token\" is missing or not a string");
}

TEST(DumpJson, ReplacesBytesThatAreNotUtf8) { EXPECT_EQ(DumpJson(Json("a\xff")), "\"a\xef\xbf\xbd\""); }

TEST(FindStringMap, LeavesOutWhatIsNoString) {
  const Json object = Json::parse(R"({"labels": {"team": "web", "count": 2}, "other": [1]})");

  EXPECT_EQ(FindStringMap(object, "labels"), (std::map<std::string, std::string, std::less<>>{{"team", "web"}}));
  EXPECT_TRUE(FindStringMap(object, "other").empty());
  EXPECT_TRUE(FindStringMap(object, "absent").empty());
}

}  // namespace
}  // namespace base
