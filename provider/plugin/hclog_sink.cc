// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/hclog_sink.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/environment.h"
#include "base/os/descriptor.h"
#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"

namespace provider::plugin {
namespace {

constexpr std::array<std::string_view, 5> kLevelNames = {"trace", "debug", "info", "warn", "error"};
constexpr std::size_t kLongestText = 8 * 1024;  // of one message or value, before escaping
constexpr std::size_t kLongestLine = 60 * 1024;

std::string Quoted(std::string_view text) {
  using nlohmann::json;
  return json(base::Printable(base::WithoutUserinfo(text), kLongestText)).dump(-1, ' ', false, json::error_handler_t::replace);
}

// hclog's own keys begin with '@'.
std::string QuotedKey(std::string key) {
  std::replace(key.begin(), key.end(), '@', '_');
  return Quoted(key);
}

// 2026-01-02T03:04:05.123456Z
std::string Timestamp(base::TimePoint when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(when - seconds).count();
  std::string text = base::FormatRfc3339(seconds);
  text.pop_back();
  return base::Cat(text, '.', std::to_string(1'000'000 + micros).substr(1), 'Z');
}

}  // namespace

LogThreshold ParseLogThreshold(std::string_view text) {
  const std::string level = base::ToLower(text);
  if (level == "off") return std::nullopt;
  const auto found = std::find(kLevelNames.begin(), kLevelNames.end(), level);
  return found == kLevelNames.end() ? base::Level::kTrace : static_cast<base::Level>(found - kLevelNames.begin());
}

LogThreshold LogThresholdFromEnvironment(LogThreshold unset) {
  for (const char* name : {"TF_LOG_PROVIDER_CERTWRIGHT", "TF_LOG_PROVIDER", "TF_LOG"}) {
    if (const auto text = base::Environment(name)) return ParseLogThreshold(*text);
  }
  return unset;
}

std::string HclogLine(base::TimePoint when, base::Level level, std::string_view message, std::span<const base::LogField> fields) {
  std::string line =
      base::Cat("{\"@level\":\"", kLevelNames.at(static_cast<std::size_t>(level)), "\",\"@message\":", Quoted(message),
                ",\"@module\":\"certwright\",\"@timestamp\":\"", Timestamp(when), '"');
  for (const base::LogField& field : fields) {
    const std::string member = base::Cat(',', QuotedKey(field.key), ':', Quoted(field.value));
    if (line.size() + member.size() < kLongestLine) line += member;
  }
  return line + "}\n";
}

void HclogSink::Write(base::Level level, std::string_view message, std::span<const base::LogField> fields) {
  if (!threshold_ || level < *threshold_) return;
  try {
    const std::string line = HclogLine(clock_.Now(), level, message, fields);
    std::lock_guard lock(mutex_);
    base::os::WriteAll(descriptor_, line);
  } catch (...) {
    // Out of memory: a log line is not worth the call that wanted to write it.
  }
}

}  // namespace provider::plugin
