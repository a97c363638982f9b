// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/flat_settings.h"

#include <gtest/gtest.h>

#include <array>

#include "engine/vendors/catalog.h"

namespace resources::sealed {
namespace {

using base::ConfigField;
using base::FieldKind;
using base::Secret;

constexpr std::array kRoleFields{ConfigField{.name = "arn"}, ConfigField{.name = "code", .secret = true}};
constexpr std::array kFields{
    ConfigField{.name = "server", .default_value = "a.test"},
    ConfigField{.name = "days", .kind = FieldKind::kNumber},
    ConfigField{.name = "sandbox", .kind = FieldKind::kBool},
    ConfigField{.name = "token", .secret = true},
    ConfigField{.name = "environment", .kind = FieldKind::kStringMap, .secret = true},
    ConfigField{.name = "inherit", .kind = FieldKind::kStringList},
    ConfigField{.name = "tags", .kind = FieldKind::kStringMap},
    ConfigField{.name = "role", .kind = FieldKind::kBlock, .members = kRoleFields},
};

base::Settings Everything() {
  base::Settings settings(kFields, {{"server", "b.test"},
                                    {"days", base::Number(7)},
                                    {"sandbox", false},
                                    {"token", Secret("t")},
                                    {"inherit", base::SettingList{"A_*", "", "B"}},
                                    {"tags", base::SettingMap{{"a=b", ""}, {"c", "d"}}},
                                    {"environment", base::SecretMap{{"A", Secret("1\nB=2")}, {"C", Secret()}}}});
  settings.MutableBlock("role").Set("arn", "r");
  settings.MutableBlock("role").Set("code", Secret("c"));
  return settings;
}

TEST(Flatten, GivesATextForEachField) {
  const FlatSettings flat = Flatten(Everything());

  EXPECT_EQ(flat.settings, (base::SettingMap{{"days", "7"},
                                             {"inherit", std::string("A_*\0\0B\0", 7)},
                                             {"role.arn", "r"},
                                             {"sandbox", "false"},
                                             {"server", "b.test"},
                                             {"tags", std::string("a=b\0\0c\0d\0", 9)}}));
  EXPECT_EQ(flat.secrets,
            (base::SecretMap{
                {"environment", Secret(std::string("A=1\nB=2\0C=", 10))}, {"role.code", Secret("c")}, {"token", Secret("t")}}));
}

TEST(Flatten, LeavesOutWhatIsNotSet) {
  const FlatSettings flat = Flatten(base::Settings(kFields));

  EXPECT_TRUE(flat.settings.empty());
  EXPECT_TRUE(flat.secrets.empty());
}

TEST(Unflatten, IsTheInverse) {
  EXPECT_EQ(Unflatten(kFields, Flatten(Everything())), Everything());
  EXPECT_EQ(Unflatten(kFields, {}), base::Settings(kFields));
}

TEST(Unflatten, LeavesOutWhatIsNotDeclared) {
  const FlatSettings flat{.settings = {{"former", "a"}, {"token", "no secret"}}, .secrets = {{"server", Secret("a secret")}}};

  EXPECT_EQ(Unflatten(kFields, flat), base::Settings(kFields));
}

TEST(MakeConnection, OfAKindThatNoVendorHasDeclaresNothing) {
  const auto connection = MakeConnection({.kind = "later", .id = "a", .values = {.settings = {{"server", "b"}}}});

  EXPECT_EQ(connection.kind, "later");
  EXPECT_TRUE(connection.settings.fields().empty());
}

TEST(Unflatten, TellsAnEmptyListFromOneOfAnEmptyText) {
  for (const base::SettingList& list : {base::SettingList{}, base::SettingList{""}, base::SettingList{"", ""}}) {
    const base::Settings settings(kFields, {{"inherit", list}});

    EXPECT_EQ(Unflatten(kFields, Flatten(settings)), settings);
  }
}

// The text of these would not be unique.
TEST(MakeConnection, NoVendorHasAPlainMapOrAListOfBlocks) {
  for (const auto& spec : engine::vendors::Connections()) {
    for (const ConfigField& field : spec.fields) {
      const bool has_text = field.kind != FieldKind::kBlockList && (field.kind != FieldKind::kStringMap || field.secret);
      EXPECT_TRUE(has_text) << spec.kind << ": " << field.name;
    }
  }
}

}  // namespace
}  // namespace resources::sealed
