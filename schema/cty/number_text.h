// SPDX-License-Identifier: MPL-2.0
// A number as exact decimal text: Terraform compares numbers by it, and a double would lose digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace schema::cty {

class NumberText {
 public:
  explicit NumberText(std::int64_t number);
  // Any JSON-like decimal ("1e3", "-0.10"); the canonical text is kept. Empty when it is no number, or over 512 digits.
  static std::optional<NumberText> Parse(std::string_view text);
  // The exact value of the double, digit by digit. Empty when it is not finite, or needs over 512 digits.
  static std::optional<NumberText> Exactly(double number);

  const std::string& text() const { return text_; }  // canonical: no exponent unless it is huge, no trailing zeros
  std::optional<std::int64_t> ToInt64() const;       // empty when it is not whole or does not fit
  std::optional<std::uint64_t> ToUint64() const;     // the same
  double ToDouble() const;
  friend bool operator==(const NumberText&, const NumberText&) = default;

 private:
  std::string text_;
};

}  // namespace schema::cty
