// SPDX-License-Identifier: MPL-2.0
#include "base/settings.h"

#include <gtest/gtest.h>

#include <array>

namespace base {
namespace {

constexpr std::array kRoleFields{
    ConfigField{.name = "arn"},
    ConfigField{.name = "code", .secret = true},
    ConfigField{.name = "duration", .default_value = "1h"},
};
constexpr std::array kFields{
    ConfigField{.name = "mount", .default_value = "secret"},
    ConfigField{.name = "path"},
    ConfigField{.name = "days", .kind = FieldKind::kNumber, .default_value = "30"},
    ConfigField{.name = "versioned", .kind = FieldKind::kBool, .default_value = "true"},
    ConfigField{.name = "program", .kind = FieldKind::kStringList},
    ConfigField{.name = "tags", .kind = FieldKind::kStringMap},
    ConfigField{.name = "token", .secret = true},
    ConfigField{.name = "environment", .kind = FieldKind::kStringMap, .secret = true},
    ConfigField{.name = "role", .kind = FieldKind::kBlock, .members = kRoleFields},
    ConfigField{.name = "roles", .kind = FieldKind::kBlockList, .members = kRoleFields},
};

TEST(Settings, WithoutValuesHaveTheDefaultsOfTheFields) {
  const Settings settings(kFields);

  EXPECT_EQ(settings.Text("mount"), "secret");
  EXPECT_EQ(settings.Text("path"), "");
  EXPECT_EQ(settings.Integer("days", 7, 30), 30);
  EXPECT_TRUE(settings.Flag("versioned"));
  EXPECT_TRUE(settings.List("program").empty());
  EXPECT_TRUE(settings.Map("tags").empty());
  EXPECT_EQ(settings.FindSecret("token"), nullptr);
  EXPECT_TRUE(settings.Secrets("environment").empty());
  EXPECT_EQ(settings.Block("role").Text("duration"), "1h");
  EXPECT_TRUE(settings.Blocks("roles").empty());
  for (const ConfigField& field : kFields) EXPECT_FALSE(settings.Has(field.name)) << field.name;
}

TEST(Settings, PreferWhatIsSet) {
  const Settings settings(kFields, {{"mount", ""}, {"versioned", false}, {"days", Number(7)}, {"token", Secret("t")}});

  EXPECT_EQ(settings.Text("mount", "fallback"), "");
  EXPECT_FALSE(settings.Flag("versioned"));
  EXPECT_EQ(settings.Integer("days", 7, 30), 7);
  EXPECT_EQ(*settings.FindSecret("token"), Secret("t"));
  EXPECT_TRUE(settings.Has("mount"));
}

TEST(Settings, FallBackOnlyWithoutADefault) {
  const Settings settings(kFields);

  EXPECT_EQ(settings.Text("mount", "fallback"), "secret");
  EXPECT_EQ(settings.Text("path", "fallback"), "fallback");
}

TEST(Settings, ReadWholeNumbersInRange) {
  const std::pair<const char*, std::optional<std::int64_t>> cases[] = {
      {"7", 7}, {"30", 30}, {"6", std::nullopt}, {"31", std::nullopt}, {"7.5", std::nullopt}, {"1e1", std::nullopt}};
  for (const auto& [text, number] : cases) {
    const Settings settings(kFields, {{"days", Number(std::string(text))}});
    EXPECT_EQ(settings.Integer("days", 7, 30), number) << text;
  }
}

TEST(Settings, KeepLineBreaksAndEqualsSigns) {
  const SettingList program{"sh", "-c", "a\nb", ""};
  const SettingMap tags{{"a=b", "c\nd=e"}, {"empty", ""}};
  const SecretMap environment{{"A", Secret("1\nB=2")}};

  const Settings settings(kFields, {{"program", program}, {"tags", tags}, {"environment", environment}});

  EXPECT_EQ(settings.List("program"), program);
  EXPECT_EQ(settings.Map("tags"), tags);
  EXPECT_EQ(settings.Secrets("environment"), environment);
}

TEST(Settings, ABlockIsSetWhenAMemberIs) {
  Settings settings(kFields);

  settings.MutableBlock("role").Set("arn", "a");

  EXPECT_TRUE(settings.Has("role"));
  EXPECT_EQ(settings.Block("role").Text("arn"), "a");
  settings.Unset("role");
  EXPECT_FALSE(settings.Has("role"));
  EXPECT_EQ(settings.Block("role").Text("arn"), "");
}

TEST(Settings, ABlockListKeepsItsOrder) {
  Settings settings(kFields);

  settings.AddBlock("roles").Set("arn", "b");
  settings.AddBlock("roles").Set("arn", "a");

  ASSERT_EQ(settings.Blocks("roles").size(), 2U);
  EXPECT_EQ(settings.Blocks("roles")[0].Text("arn"), "b");
  EXPECT_EQ(settings.Blocks("roles")[1].Text("arn"), "a");
}

TEST(Settings, TakeTheSecretsThatTheyLack) {
  Settings other(kFields, {{"token", Secret("theirs")}, {"path", "theirs"}});
  other.MutableBlock("role").Set("code", Secret("theirs"));
  Settings settings(kFields, {{"token", Secret("ours")}});

  settings.TakeSecrets(other, TakenSecrets::kMissing);

  EXPECT_EQ(*settings.FindSecret("token"), Secret("ours"));
  EXPECT_EQ(*settings.Block("role").FindSecret("code"), Secret("theirs"));
  EXPECT_FALSE(settings.Has("path"));
  EXPECT_TRUE(settings.LacksSecret());
  settings.Set("environment", SecretMap());
  EXPECT_FALSE(settings.LacksSecret());
  settings.TakeSecrets(other, TakenSecrets::kAll);
  EXPECT_EQ(*settings.FindSecret("token"), Secret("theirs"));
}

TEST(Settings, AreEqualByValue) {
  const Settings one(kFields, {{"path", "a"}});

  EXPECT_EQ(one, Settings(kFields, {{"path", "a"}}));
  EXPECT_NE(one, Settings(kFields, {{"path", "b"}}));
  EXPECT_NE(one, Settings(kFields));
}

TEST(SettingsDeathTest, ANameThatIsNotDeclared) {
  Settings settings(kFields);

  EXPECT_DEATH(settings.Text("none"), "no such setting is declared");
  EXPECT_DEATH(settings.Has("none"), "no such setting is declared");
  EXPECT_DEATH(settings.Set("none", "a"), "no such setting is declared");
  EXPECT_DEATH(settings.Block("role").Text("path"), "no such setting is declared");
  EXPECT_DEATH(Settings().Text("path"), "no such setting is declared");
}

TEST(SettingsDeathTest, AnotherKindThanDeclared) {
  Settings settings(kFields, {{"token", Secret("canary")}});

  EXPECT_DEATH(settings.Text("token"), "declared as another kind");
  EXPECT_DEATH(settings.FindSecret("path"), "declared as another kind");
  EXPECT_DEATH(settings.Text("days"), "declared as another kind");
  EXPECT_DEATH(settings.Map("environment"), "declared as another kind");
  EXPECT_DEATH(settings.Block("roles"), "declared as another kind");
  EXPECT_DEATH(settings.Set("token", "plain"), "declared as another kind");
  EXPECT_DEATH(settings.Set("path", Secret("s")), "declared as another kind");
}

}  // namespace
}  // namespace base
