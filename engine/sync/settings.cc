// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/settings.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace engine::sync {

std::string SettingReader::Text(std::string_view name) const {
  const auto found = settings_.find(name);
  return found == settings_.end() ? std::string(DefaultOf(name)) : found->second;
}

std::optional<std::int64_t> SettingReader::Integer(std::string_view name, std::int64_t min, std::int64_t max) const {
  std::string text = Text(name);
  if (text.empty()) text = DefaultOf(name);
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = failure == std::errc() && end == text.data() + text.size();
  return is_whole && number >= min && number <= max ? std::optional(number) : std::nullopt;
}

std::vector<std::string> SettingReader::List(std::string_view name) const {
  return Has(name) ? base::Split(Text(name), '\n') : std::vector<std::string>();
}

std::map<std::string, std::string, std::less<>> SettingReader::Map(std::string_view name) const {
  std::map<std::string, std::string, std::less<>> map;
  const std::string text = Text(name);
  if (text.empty()) return map;
  for (const std::string& line : base::Split(text, '\n')) {
    const std::size_t equals = std::min(line.find('='), line.size());
    map[line.substr(0, equals)] = line.substr(std::min(equals + 1, line.size()));
  }
  return map;
}

std::string_view SettingReader::DefaultOf(std::string_view name) const {
  const auto field = std::find_if(fields_.begin(), fields_.end(), [&](const base::ConfigField& one) { return one.name == name; });
  return field == fields_.end() ? std::string_view() : field->default_value;
}

std::optional<base::Secret> FindSecret(const Secrets& secrets, std::string_view name) {
  const auto found = secrets.find(name);
  return found == secrets.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace engine::sync
