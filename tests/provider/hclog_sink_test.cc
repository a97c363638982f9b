// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/hclog_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>

#include "tests/support/fake_clock.h"

namespace provider::plugin {
namespace {

using base::Level;
using nlohmann::json;

constexpr base::TimePoint kWhen{std::chrono::microseconds(1'767'323'045'000'123)};

std::string Line(std::string_view message, std::vector<base::LogField> fields) {
  return HclogLine(kWhen, Level::kWarn, message, fields);
}

// What Terraform's log reader needs in order not to panic, and to show the line as one.
void ExpectSafe(const std::string& line) {
  ASSERT_LT(line.size(), 65'536U);
  ASSERT_EQ(line.find('\n'), line.size() - 1);
  const json parsed = json::parse(line, nullptr, false);  // refuses invalid UTF-8
  ASSERT_TRUE(parsed.is_object()) << line;
  for (const char* key : {"@level", "@message", "@timestamp", "@module"}) ASSERT_TRUE(parsed[key].is_string()) << line;
  ASSERT_EQ(parsed["@level"], "warn");
  static const std::regex timestamp(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)");
  ASSERT_TRUE(std::regex_match(parsed["@timestamp"].get<std::string>(), timestamp)) << line;
  // Go keeps the last of two equal keys: none may come twice.
  for (const char* key : {"\"@level\":", "\"@message\":", "\"@timestamp\":"}) {
    ASSERT_EQ(line.find(key), line.rfind(key)) << line;
  }
}

TEST(HclogLine, IsOneJsonObjectWithSixFractionDigits) {
  EXPECT_EQ(Line("record placed", {{"zone", "example.test."}}),
            "{\"@level\":\"warn\",\"@message\":\"record placed\",\"@module\":\"certwright\","
            "\"@timestamp\":\"2026-01-02T03:04:05.000123Z\",\"zone\":\"example.test.\"}\n");
}

TEST(HclogLine, KeepsFieldsAwayFromItsOwnKeys) {
  const json parsed = json::parse(Line("m", {{"@level", "7"}, {"@message", "other"}, {"@timestamp", ""}}));

  EXPECT_EQ(parsed["@level"], "warn");
  EXPECT_EQ(parsed["@message"], "m");
  EXPECT_EQ(parsed["_message"], "other");
}

TEST(HclogLine, SanitizesTheTextOfOthers) {
  const json parsed = json::parse(Line("m", {{"error",
                                              "a\x1b[2J\nb \xE2\x80\xAE"
                                              "c http://u:canary@proxy/"}}));

  EXPECT_EQ(parsed["error"], "a [2J b ?c http://proxy/");
}

TEST(HclogLine, LeavesOutWhatDoesNotFit) {
  const std::string huge(100'000, '\x01');

  ExpectSafe(Line(huge, {{"a", huge}, {"b", huge}, {huge, "c"}}));
}

TEST(HclogLine, StaysSafeWithHostileFields) {
  std::mt19937 random(20260102);
  const std::array<std::string, 8> pieces = {"@level",  "\"", "\\", "\n", "\xff", std::string(1, '\0'), "}{\"@message\":1,",
                                             "\xe2\x82"};
  const auto hostile = [&] {
    std::string text;
    for (std::size_t i = random() % 6; i > 0; --i) text += pieces.at(random() % pieces.size());
    return text;
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<base::LogField> fields;
    for (std::size_t i = random() % 4; i > 0; --i) fields.emplace_back(hostile(), hostile());

    ExpectSafe(Line("m", fields));
  }
}

TEST(ParseLogThreshold, ReadsTerraformsWords) {
  EXPECT_EQ(ParseLogThreshold("Warn"), Level::kWarn);
  EXPECT_EQ(ParseLogThreshold("OFF"), std::nullopt);
  EXPECT_EQ(ParseLogThreshold("json"), Level::kTrace);
}

TEST(HclogSink, WritesFromItsThresholdOn) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  tests::FakeClock clock(kWhen);
  HclogSink sink(ends[1], Level::kInfo, clock);

  sink.Write(Level::kDebug, "unseen", {});
  sink.Write(Level::kInfo, "seen", {});
  close(ends[1]);

  std::array<char, 512> text{};
  const ssize_t got = read(ends[0], text.data(), text.size());
  close(ends[0]);
  EXPECT_EQ(
      std::string_view(text.data(), static_cast<std::size_t>(got)),
      "{\"@level\":\"info\",\"@message\":\"seen\",\"@module\":\"certwright\",\"@timestamp\":\"2026-01-02T03:04:05.000123Z\"}\n");
}

TEST(HclogSink, SurvivesAClosedDescriptor) {
  tests::FakeClock clock(kWhen);
  HclogSink sink(-1, Level::kTrace, clock);

  EXPECT_NO_THROW(sink.Write(Level::kError, "lost", {}));
}

}  // namespace
}  // namespace provider::plugin
