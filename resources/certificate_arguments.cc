// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_arguments.h"

#include <charconv>

#include "base/text.h"
#include "base/time_format.h"

namespace resources {
namespace {

using schema::cty::Path;
using schema::cty::Value;
using std::chrono::milliseconds;

constexpr int kMostDays = 3650;

std::optional<int> ParseWhole(std::string_view digits, int most) {
  int number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || number < 1 || number > most) return std::nullopt;
  return number;
}

std::string LastNameOf(const Path& path) { return std::get<schema::cty::AttributeStep>(path.steps().back()).name; }

}  // namespace

std::vector<std::string> KeyAlgorithms() { return {"EC_P256", "EC_P384", "RSA_2048", "RSA_3072", "RSA_4096"}; }

std::optional<milliseconds> ParseSpan(std::string_view text) {
  if (text.ends_with('d')) {
    const auto days = ParseWhole(text.substr(0, text.size() - 1), kMostDays);
    return days ? std::optional<milliseconds>(std::chrono::days(*days)) : std::nullopt;
  }
  const auto span = base::ParseDuration(text);
  return span && *span > milliseconds(0) ? span : std::nullopt;
}

std::optional<RenewBefore> ParseRenewBefore(std::string_view text) {
  if (text.ends_with('%')) {
    const auto percent = ParseWhole(text.substr(0, text.size() - 1), 99);
    return percent ? std::optional<RenewBefore>(*percent) : std::nullopt;
  }
  const auto span = ParseSpan(text);
  return span ? std::optional<RenewBefore>(*span) : std::nullopt;
}

schema::Validator IsRenewBefore() {
  return [](const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
    if (ParseRenewBefore(value.AsString())) return;
    diagnostics.Error(
        "Invalid value for renew_before",
        "renew_before must be a time such as \"720h\" or \"30d\", or a percentage of the lifetime from \"1%\" to \"99%\".", path);
  };
}

schema::Validator IsValidity() {
  return [](const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
    const auto span = ParseSpan(value.AsString());
    if (span && *span >= std::chrono::minutes(1)) return;
    const std::string name = LastNameOf(path);
    diagnostics.Error(base::Cat("Invalid value for ", name),
                      base::Cat(name, " must be a time of at least a minute, such as \"240h\" or \"30d\"."), path);
  };
}

}  // namespace resources
