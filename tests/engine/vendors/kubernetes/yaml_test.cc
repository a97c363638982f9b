// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/yaml.h"

#include <gtest/gtest.h>

namespace engine::vendors::kubernetes {
namespace {

using base::ErrorKind;
using base::Json;

TEST(ParseYaml, GivesObjectsListsAndTexts) {
  const auto parsed = ParseYaml("a: 8\nb:\n- x\n- c: \"null\"\n  d: ~\ne: |\n  two\n  lines\nf: {g: true}\n");

  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, Json::parse(R"({"a":"8","b":["x",{"c":"null","d":null}],"e":"two\nlines\n","f":{"g":"true"}})"));
}

TEST(ParseYaml, TakesJson) {
  const auto parsed = ParseYaml(R"({"a": [{"b": "c"}]})");

  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, Json::parse(R"({"a":[{"b":"c"}]})"));
}

TEST(ParseYaml, AnEmptyTextIsNull) {
  const auto parsed = ParseYaml("# nothing\n");

  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->is_null());
}

TEST(ParseYaml, SaysInWhichLineItEndsWithoutTheText) {
  for (const char* text : {"a: 1\nsecret: [canary", "a: 1\nb: \"canary", "a: b\n\tcanary: d", "a: 1\n- canary"}) {
    const auto parsed = ParseYaml(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kInvalid);
    EXPECT_NE(parsed.error().message.find("line "), std::string::npos) << parsed.error().message;
    EXPECT_EQ(parsed.error().message.find("canary"), std::string::npos) << parsed.error().message;
  }
}

TEST(ParseYaml, RefusesWhatGrowsWithoutEnd) {
  const auto aliased = ParseYaml("a: &x [1]\nb: *x\n");
  const auto deep = ParseYaml(std::string(40, '['));
  const auto longer = ParseYaml(std::string(1024 * 1024 + 1, ' '));

  ASSERT_FALSE(aliased);
  EXPECT_NE(aliased.error().message.find("line 2: aliases"), std::string::npos) << aliased.error().message;
  ASSERT_FALSE(deep);
  EXPECT_NE(deep.error().message.find("too deep"), std::string::npos) << deep.error().message;
  EXPECT_FALSE(longer);
}

}  // namespace
}  // namespace engine::vendors::kubernetes
