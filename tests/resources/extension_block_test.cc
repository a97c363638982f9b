// SPDX-License-Identifier: MPL-2.0
#include "resources/extension_block.h"

#include <gtest/gtest.h>

#include <array>

namespace tests {
namespace {

using base::ConfigField;
using base::FieldKind;
using schema::cty::Type;
using schema::cty::Value;

constexpr std::array kRoleFields{
    ConfigField{.name = "arn", .required = true},
    ConfigField{.name = "code", .secret = true},
};
constexpr std::array kFields{
    ConfigField{.name = "plain"},
    ConfigField{.name = "role", .kind = FieldKind::kBlock, .members = kRoleFields},
    ConfigField{.name = "with_default", .default_value = "d"},
};

Value Object(Value role) {
  return Value::ObjectOf(schema::ImpliedObjectType(resources::AttributesOf(kFields)), {{"role", std::move(role)}});
}

Value Role(Value arn) { return Value::Object({{"arn", std::move(arn)}, {"code", Value::String("secret")}}); }

TEST(AttributesOf, ABlockHoldsItsMembers) {
  const auto attributes = resources::AttributesOf(kFields);

  ASSERT_EQ(attributes.size(), 3U);
  EXPECT_EQ(attributes[1].name, "role");
  EXPECT_EQ(attributes[1].nesting, schema::Nesting::kSingle);
  EXPECT_TRUE(attributes[1].optional);
  ASSERT_EQ(attributes[1].nested.size(), 2U);
  EXPECT_EQ(attributes[1].nested[0].name, "arn");
  EXPECT_TRUE(attributes[1].nested[0].required);
  EXPECT_TRUE(attributes[1].nested[1].write_only);
  EXPECT_EQ(attributes[2].name, "with_default");
}

TEST(ReadBlock, SetsTheMembersOfABlock) {
  const auto values = resources::ReadBlock(kFields, Object(Role(Value::String("arn"))));

  EXPECT_FALSE(values.settings.Has("plain"));
  EXPECT_EQ(values.settings.Text("with_default"), "d");
  EXPECT_EQ(values.settings.Block("role").Text("arn"), "arn");
  EXPECT_EQ(values.settings.Block("role").FindSecret("code")->Reveal(), "secret");
}

TEST(ReadBlock, AnAbsentBlockSetsNothing) {
  const auto values = resources::ReadBlock(kFields, Object(Value::Null(Role(Value::String("")).type())));

  EXPECT_FALSE(values.settings.Has("role"));
  EXPECT_TRUE(values.settings.Has("with_default"));
  EXPECT_FALSE(values.has_unknown_setting);
}

TEST(ReadBlock, SaysWhatIsUnknownInABlock) {
  const auto inside = resources::ReadBlock(kFields, Object(Role(Value::Unknown(Type::String()))));
  const auto whole = resources::ReadBlock(kFields, Object(Value::Unknown(Role(Value::String("")).type())));

  EXPECT_TRUE(inside.has_unknown_setting);
  EXPECT_FALSE(inside.has_unknown_secret);
  EXPECT_TRUE(whole.has_unknown_setting);
  EXPECT_TRUE(whole.has_unknown_secret);
}

constexpr std::array kListenerFields{
    ConfigField{.name = "arn", .required = true},
    ConfigField{.name = "default", .kind = FieldKind::kBool},
};
constexpr std::array kListFields{
    ConfigField{.name = "listeners", .kind = FieldKind::kBlockList, .required = true, .members = kListenerFields},
    ConfigField{.name = "tail"},
};

Value Listeners(Value::Elements elements) {
  const Type whole = schema::ImpliedObjectType(resources::AttributesOf(kListFields));
  return Value::ObjectOf(whole, {{"listeners", Value::List(whole.Find("listeners")->element(), std::move(elements))}});
}

Value Listener(Value arn) { return Value::Object({{"arn", std::move(arn)}, {"default", Value::Bool(true)}}); }

TEST(AttributesOf, ABlockListIsAListOfObjects) {
  const auto attributes = resources::AttributesOf(kListFields);

  ASSERT_EQ(attributes.size(), 2U);
  EXPECT_EQ(attributes[0].nesting, schema::Nesting::kList);
  EXPECT_TRUE(attributes[0].required);
  EXPECT_EQ(attributes[0].nested.size(), 2U);
}

TEST(ReadBlock, KeepsTheOrderOfABlockList) {
  const auto values = resources::ReadBlock(kListFields, Listeners({Listener(Value::String("a")), Listener(Value::String("b"))}));

  const auto& listeners = values.settings.Blocks("listeners");
  ASSERT_EQ(listeners.size(), 2U);
  EXPECT_EQ(listeners[0].Text("arn"), "a");
  EXPECT_EQ(listeners[1].Text("arn"), "b");
  EXPECT_TRUE(listeners[1].Flag("default"));
  EXPECT_FALSE(values.has_unknown_setting);
}

TEST(ReadBlock, SaysWhatIsUnknownInABlockList) {
  const Value listener = Listener(Value::Unknown(Type::String()));
  const Value whole = Listeners({});
  const Value unknown = whole.With("listeners", Value::Unknown(whole.Get("listeners").type()));

  EXPECT_TRUE(resources::ReadBlock(kListFields, Listeners({listener})).has_unknown_setting);
  EXPECT_TRUE(resources::ReadBlock(kListFields, unknown).has_unknown_setting);
}

TEST(PathOf, GoesIntoTheBlock) {
  EXPECT_EQ(resources::PathOf("role.arn").ToText(), "role.arn");
  EXPECT_EQ(resources::PathOf("listeners.1.arn", schema::cty::Path::Of("lb")).ToText(), "lb.listeners[1].arn");
}

TEST(ValueOf, GoesIntoTheBlock) {
  const Value object = Listeners({Listener(Value::String("a")), Listener(Value::String("b"))});

  EXPECT_EQ(resources::ValueOf("listeners.1.arn", object).AsString(), "b");
}

TEST(ReadBlock, KeepsLineEndsInTheValuesOfASecretMap) {
  constexpr ConfigField kMap[]{{.name = "environment", .kind = FieldKind::kStringMap, .secret = true}};
  const Value map = Value::Map(Type::String(), {{"A", Value::String("1\nB=2")}, {"C", Value::String("")}});

  const auto values = resources::ReadBlock(kMap, Value::Object({{"environment", map}}));

  EXPECT_EQ(values.settings.Secrets("environment"), (base::SecretMap{{"A", base::Secret("1\nB=2")}, {"C", base::Secret()}}));
}

TEST(ReadBlock, KeepsLineEndsInTheElementsOfAList) {
  constexpr ConfigField kList[]{{.name = "program", .kind = FieldKind::kStringList}};
  const Value list = Value::List(Type::String(), {Value::String("sh"), Value::String("a\nb"), Value::String("")});

  const auto values = resources::ReadBlock(kList, Value::Object({{"program", list}}));

  EXPECT_EQ(values.settings.List("program"), (base::SettingList{"sh", "a\nb", ""}));
}

TEST(PathOfBlame, IsTheAttributeOfTheResourceAtHandAlone) {
  const base::Error error{.message = {}, .blame = {{"app connection"}, "role.arn"}};

  EXPECT_EQ(resources::PathOfBlame(error, {"app connection"}), schema::cty::Path::Of("role").Attribute("arn"));
  EXPECT_EQ(resources::PathOfBlame(error, {"certificate"}), std::nullopt);
}

TEST(PathOfBlame, IsEmptyWithoutASubjectOrAnAttribute) {
  EXPECT_EQ(resources::PathOfBlame({.message = {}, .blame = {{}, "role.arn"}}, {"certificate"}), std::nullopt);
  EXPECT_EQ(resources::PathOfBlame({.message = {}, .blame = {{"certificate"}, ""}}, {"certificate"}), std::nullopt);
  EXPECT_EQ(resources::PathOfBlame(base::Error{}, {}), std::nullopt);
}

}  // namespace
}  // namespace tests
