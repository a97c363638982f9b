// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <system_error>

namespace schema::cty {
namespace {

constexpr std::size_t kMostDigits = 512;
// Of the canonical text, so that what is written can be read again.
constexpr std::int64_t kMostExponent = 1'000'000;
constexpr std::int64_t kMostGivenExponent = 2 * kMostExponent;

// 0.digits * 10^exponent, digits without leading and trailing zeros; no digits for zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

// As if the digits were a whole number.
std::int64_t ExponentBehind(const Decimal& decimal) {
  return decimal.exponent - static_cast<std::int64_t>(decimal.digits.size());
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view TakeDigits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsDigit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

// The exponent part with its 'e', empty when it is malformed or beyond reason; 0 for an empty text.
std::optional<std::int64_t> ReadExponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(text.size() > 1 && text[1] == '-' ? 0 : 1);
  std::int64_t exponent = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (exponent > kMostGivenExponent || exponent < -kMostGivenExponent) return std::nullopt;
  return exponent;
}

std::optional<Decimal> ReadDecimal(std::string_view text) {
  Decimal decimal;
  if (!text.empty() && text.front() == '-') {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  const std::string_view whole = TakeDigits(text);
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = TakeDigits(text);
    if (fraction.empty()) return std::nullopt;
  }
  const auto exponent = ReadExponent(text);
  if (whole.empty() || !exponent) return std::nullopt;

  decimal.digits.append(whole).append(fraction);
  decimal.exponent = *exponent + static_cast<std::int64_t>(whole.size());
  const std::size_t first = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
  decimal.digits.erase(0, first);
  decimal.exponent -= static_cast<std::int64_t>(first);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  if (decimal.digits.size() > kMostDigits) return std::nullopt;
  if (!decimal.digits.empty() && std::abs(ExponentBehind(decimal)) > kMostExponent) return std::nullopt;
  return decimal;
}

std::string Canonical(const Decimal& decimal) {
  const std::string& digits = decimal.digits;
  if (digits.empty()) return "0";
  const std::string sign = decimal.negative ? "-" : "";
  const auto size = static_cast<std::int64_t>(digits.size());
  const auto most = static_cast<std::int64_t>(kMostDigits);
  if (decimal.exponent > most || size - decimal.exponent > most) {
    return sign + digits + "e" + std::to_string(ExponentBehind(decimal));
  }
  if (decimal.exponent <= 0) return sign + "0." + std::string(static_cast<std::size_t>(-decimal.exponent), '0') + digits;
  if (decimal.exponent >= size) return sign + digits + std::string(static_cast<std::size_t>(decimal.exponent - size), '0');
  const auto point = static_cast<std::size_t>(decimal.exponent);
  return sign + digits.substr(0, point) + "." + digits.substr(point);
}

template <typename Integer>
std::optional<Integer> Whole(std::string_view text) {
  Integer number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

NumberText::NumberText(std::int64_t number) : text_(std::to_string(number)) {}

std::optional<NumberText> NumberText::Parse(std::string_view text) {
  const auto decimal = ReadDecimal(text);
  if (!decimal) return std::nullopt;
  NumberText number(0);
  number.text_ = Canonical(*decimal);
  return number;
}

std::optional<NumberText> NumberText::Exactly(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  // The longest double has 309 digits before the point and 1074 behind it.
  std::array<char, 1400> buffer;
  const auto [end, failed] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed, 1074);
  if (failed != std::errc()) return std::nullopt;
  return Parse(std::string_view(buffer.data(), static_cast<std::size_t>(end - buffer.data())));
}

std::optional<std::int64_t> NumberText::ToInt64() const { return Whole<std::int64_t>(text_); }

std::optional<std::uint64_t> NumberText::ToUint64() const { return Whole<std::uint64_t>(text_); }

double NumberText::ToDouble() const {
  double number = 0;
  const auto result = std::from_chars(text_.data(), text_.data() + text_.size(), number);
  if (result.ec != std::errc::result_out_of_range) return number;
  // from_chars says the same of what is too large and of what is too small.
  if (text_.find("e-") != std::string::npos || text_.find("0.") != std::string::npos) return 0;
  return text_.front() == '-' ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

}  // namespace schema::cty
