// SPDX-License-Identifier: MPL-2.0
#include "resources/profile_allows_function.h"

#include <gtest/gtest.h>

#include <array>

#include "resources/profile_model.h"

namespace resources {
namespace {

using schema::cty::Type;
using schema::cty::Value;

Value Tuple(std::vector<std::string> texts) {
  Value::Elements elements;
  for (std::string& one : texts) elements.push_back(Value::String(std::move(one)));
  return Value::Tuple(std::move(elements));
}

base::Result<Value> CallProfileAllows(const Value& rules, std::vector<std::string> names) {
  Value::Elements elements;
  for (std::string& one : names) elements.push_back(Value::String(std::move(one)));
  const std::array arguments = {rules, Value::Set(Type::String(), std::move(elements))};
  return ProfileAllows().call(arguments);
}

// A rule as Terraform sends what is written in a configuration.
Value WrittenRule(Value::Members members) { return Value::Dynamic(Value::Object(std::move(members))); }

TEST(ProfileAllows, TakesRulesAsTheyAreWritten) {
  const Value rule = WrittenRule({{"allow", Tuple({"*.a.test"})}, {"max", Value::Number(2)}});

  EXPECT_TRUE(CallProfileAllows(rule, {"X.a.test."})->AsBool());
  EXPECT_TRUE(CallProfileAllows(rule, {"*.a.test"})->AsBool());
  EXPECT_FALSE(CallProfileAllows(rule, {"a.test"})->AsBool());
  const Value international = WrittenRule({{"allow", Tuple({"*.bücher.test"})}});
  EXPECT_TRUE(CallProfileAllows(international, {"x.bücher.test", "y.xn--bcher-kva.test"})->AsBool());
  EXPECT_FALSE(CallProfileAllows(rule, {"x.a.test", "y.a.test", "z.a.test"})->AsBool());
}

TEST(ProfileAllows, TakesTheRuleOfAProfileAndAllOfItsRules) {
  const auto& type = DnsNamesRule::Schema().type();
  const Value rule = Value::ObjectOf(type, {{"deny", Value::Set(Type::String(), {Value::String("a.test")})}});

  EXPECT_FALSE(CallProfileAllows(Value::Dynamic(rule), {"a.test"})->AsBool());
  EXPECT_TRUE(CallProfileAllows(Value::Dynamic(rule), {"b.test"})->AsBool());
  EXPECT_FALSE(CallProfileAllows(WrittenRule({{"dns_names", rule}, {"csr", Value::String("required")}}), {"a.test"})->AsBool());
}

TEST(ProfileAllows, TakesNullAsNoRule) {
  EXPECT_TRUE(CallProfileAllows(Value::Null(Type::Dynamic()), {"a.test"})->AsBool());
  EXPECT_TRUE(CallProfileAllows(Value::Dynamic(Value::Null(DnsNamesRule::Schema().type())), {"a.test"})->AsBool());
}

TEST(ProfileAllows, RefusesWhatIsNoRule) {
  for (const Value& rules : {WrittenRule({{"allowed", Tuple({})}}), WrittenRule({{"allow", Value::String("a.test")}}),
                             WrittenRule({{"max", Value::String("2")}}), Value::Dynamic(Value::String("a.test"))}) {
    EXPECT_FALSE(CallProfileAllows(rules, {"a.test"}));
  }
  EXPECT_FALSE(CallProfileAllows(WrittenRule({}), {"not a name"}));
}

}  // namespace
}  // namespace resources
