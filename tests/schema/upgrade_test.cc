// SPDX-License-Identifier: MPL-2.0
#include "schema/upgrade.h"

#include <gtest/gtest.h>

namespace schema {
namespace {

using cty::Value;

Present Sample(std::int64_t version) {
  static const cty::Type type = cty::Type::Object({{"name", cty::Type::String()}, {"size", cty::Type::Number()}});
  return {version, type};
}

UpgradeStep Append(std::string suffix) {
  return [suffix](std::string_view json) -> base::Result<std::string> {
    const auto end = json.rfind("\"}");
    return std::string(json.substr(0, end)) + suffix + "\"}";
  };
}

TEST(UpgradeState, TakesStateOfTheSameVersion) {
  const auto state = UpgradeState(Sample(0), {}, 0, R"({"name":"n","size":12345678901234567890})");

  ASSERT_TRUE(state);
  EXPECT_EQ(state->Get("size").AsNumber().text(), "12345678901234567890");
}

TEST(UpgradeState, DropsAndFillsInAttributes) {
  const auto state = UpgradeState(Sample(0), {}, 0, R"({"name":"n","old":[1,{"deep":null}]})");

  ASSERT_TRUE(state);
  EXPECT_EQ(state->Get("name"), Value::String("n"));
  EXPECT_TRUE(state->Get("size").is_null());
}

TEST(UpgradeState, RunsTheStepsInOrderFromTheStatesVersion) {
  const std::vector<UpgradeStep> steps = {Append("0"), Append("1"), Append("2")};

  const auto state = UpgradeState(Sample(3), steps, 1, R"({"name":"n"})");

  ASSERT_TRUE(state);
  EXPECT_EQ(state->Get("name"), Value::String("n12"));
}

TEST(UpgradeState, SaysWhichStepFailed) {
  const std::vector<UpgradeStep> steps = {[](std::string_view) -> base::Result<std::string> {
    return base::Error{base::ErrorKind::kProtocol, "no name"};
  }};

  const auto state = UpgradeState(Sample(1), steps, 0, "{}");

  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().while_doing, std::vector<std::string>{"upgrading the state from schema version 0"});
}

TEST(UpgradeState, RefusesTheFuture) {
  const auto state = UpgradeState(Sample(1), {}, 2, "{}");

  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().kind, base::ErrorKind::kInvalid);
}

TEST(UpgradeState, SaysWhatDoesNotFit) {
  const auto state = UpgradeState(Sample(0), {}, 0, R"({"name":1})");

  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().message, "name: a string is required");
}

}  // namespace
}  // namespace schema
