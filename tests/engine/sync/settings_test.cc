// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/settings.h"

#include <gtest/gtest.h>

#include <array>

namespace engine::sync {
namespace {

constexpr std::array kFields{
    base::ConfigField{.name = "mount", .default_value = "secret"},
    base::ConfigField{.name = "days", .kind = base::FieldKind::kNumber, .default_value = "30"},
    base::ConfigField{.name = "versioned", .kind = base::FieldKind::kBool, .default_value = "true"},
    base::ConfigField{.name = "path"},
};

TEST(SettingReader, FallsBackToTheDefaultOfTheField) {
  const Settings none;
  const SettingReader reader(none, kFields);

  EXPECT_EQ(reader.Text("mount"), "secret");
  EXPECT_EQ(reader.Text("path"), "");
  EXPECT_EQ(reader.Integer("days", 7, 30), 30);
  EXPECT_TRUE(reader.Flag("versioned"));
  EXPECT_TRUE(reader.List("path").empty());
  EXPECT_TRUE(reader.Map("path").empty());
  EXPECT_FALSE(reader.Has("mount"));
}

TEST(SettingReader, PrefersWhatIsSet) {
  const Settings settings{{"mount", ""}, {"versioned", "false"}, {"list", "a\nb"}, {"map", "team=web\nempty=\nequation=a=b"}};
  const SettingReader reader(settings, kFields);

  EXPECT_EQ(reader.Text("mount"), "");
  EXPECT_FALSE(reader.Flag("versioned"));
  EXPECT_EQ(reader.List("list"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(reader.Map("map"),
            (std::map<std::string, std::string, std::less<>>{{"empty", ""}, {"equation", "a=b"}, {"team", "web"}}));
}

TEST(SettingReader, ReadsWholeNumbersInRange) {
  const std::pair<const char*, std::optional<std::int64_t>> cases[] = {
      {"7", 7}, {"30", 30}, {"6", std::nullopt}, {"31", std::nullopt}, {"7.5", std::nullopt}, {"x", std::nullopt}, {"", 30}};
  for (const auto& [text, number] : cases) {
    const Settings settings{{"days", text}};
    EXPECT_EQ(SettingReader(settings, kFields).Integer("days", 7, 30), number) << text;
  }
}

}  // namespace
}  // namespace engine::sync
