// SPDX-License-Identifier: MPL-2.0
// Small text helpers that g++ 12 lacks (no std::format).
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace base {

namespace internal {
inline void Append(std::string& out, std::string_view text) { out.append(text); }
inline void Append(std::string& out, char one) { out.push_back(one); }
template <std::integral T>
requires(!std::same_as<T, char> && !std::same_as<T, bool>) void Append(std::string& out, T number) {
  out.append(std::to_string(number));
}
}  // namespace internal

// The parts one after another: Cat("port ", 53, " is in use").
template <typename... Parts>
std::string Cat(const Parts&... parts) {
  std::string out;
  (internal::Append(out, parts), ...);
  return out;
}

// The items with `separator` between them; any range of strings.
template <typename Range>
std::string Join(const Range& items, std::string_view separator) {
  std::string out;
  bool first = true;
  for (const auto& item : items) {
    if (!first) out.append(separator);
    first = false;
    out.append(item);
  }
  return out;
}

// The pieces between separators, empty ones included; one piece for an empty text.
std::vector<std::string> Split(std::string_view text, char separator);

// ASCII only.
std::string ToLower(std::string_view text);
// Without spaces, tabs and line ends at both sides.
std::string_view Trim(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
// The length of the well-formed UTF-8 sequence at the start of `text`, which is not empty; 0 when there is none (RFC 3629 section
// 4).
std::size_t Utf8SequenceLength(std::string_view text);
// The text with control characters, invisible ones, and bytes that are not UTF-8 replaced, cut to `limit` bytes: for foreign
// text.
std::string Printable(std::string_view text, std::size_t limit);
// The text with every byte that is not part of UTF-8 replaced by U+FFFD.
std::string ReplaceInvalidUtf8(std::string_view text);

}  // namespace base
