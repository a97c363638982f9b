// SPDX-License-Identifier: MPL-2.0
#include "base/idn/international_name.h"

#include <idn2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "base/text.h"

namespace base::idn {
namespace {

constexpr std::string_view kPrefix = "xn--";
constexpr std::size_t kMaxQuoted = 80;  // of the user's text in a message

// What UTS 46 section 4 takes for a dot, besides the dot.
constexpr std::array<std::string_view, 3> kDots = {"\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1"};

struct FreeText {
  void operator()(char* text) const { idn2_free(text); }
};
using Text = std::unique_ptr<char, FreeText>;

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool IsAsciiText(std::string_view text) { return std::all_of(text.begin(), text.end(), IsAscii); }
bool IsALabel(std::string_view label) { return EqualsIgnoreCase(label.substr(0, kPrefix.size()), kPrefix); }

// Of an ASCII character: as in a host name.
bool IsAllowed(char c) {
  return !IsAscii(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

Error BadLabel(std::string_view name, std::string_view label, std::string_view what) {
  return Error{ErrorKind::kInvalid,
               Cat('"', Printable(name, kMaxQuoted), "\" ", what, ": \"", Printable(label, kMaxQuoted), '"')};
}

std::vector<std::string> Labels(std::string_view name) {
  std::string text(name);
  for (const std::string_view dot : kDots) {
    for (std::size_t at = text.find(dot); at != std::string::npos; at = text.find(dot, at)) text.replace(at, dot.size(), ".");
  }
  return Split(text, '.');
}

// Empty if it does not decode.
std::optional<std::string> Decode(const std::string& label) {
  char* decoded = nullptr;
  if (idn2_to_unicode_8z8z(label.c_str(), &decoded, 0) != IDN2_OK) return std::nullopt;
  return std::string(Text(decoded).get());
}

Result<std::string> ToALabel(std::string_view name, const std::string& label) {
  char* encoded = nullptr;
  // Not IDN2_USE_STD3_ASCII_RULES: with it, libidn2 2.3.3 leaves such characters out, so that "a_ü" would become "aü".
  const int fault = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(label.c_str()),
                                   reinterpret_cast<std::uint8_t**>(&encoded), IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const Text owner(encoded);
  if (fault != IDN2_OK) {
    return BadLabel(name, label, Cat("has a label that is no international name (", idn2_strerror(fault), ")"));
  }
  const auto meaning = Decode(encoded);
  if (!meaning || !std::all_of(meaning->begin(), meaning->end(), IsAllowed)) {
    return BadLabel(name, label, "has a label with a character that is not allowed in host names");
  }
  return std::string(encoded);
}

}  // namespace

Result<std::string> ParseInternationalName(std::string_view text, Wildcard wildcard) {
  const bool is_ascii = IsAsciiText(text);
  if (is_ascii && ToLower(text).find(kPrefix) == std::string::npos) return ParseDnsName(text, wildcard);
  std::vector<std::string> labels = Labels(text);
  for (std::string& label : labels) {
    if (IsALabel(label) && !Decode(ToLower(label))) {
      return BadLabel(text, label, "has a label that begins with xn-- and does not decode (RFC 3492)");
    }
    if (IsAsciiText(label)) continue;
    auto ascii = ToALabel(text, label);
    if (!ascii) return std::move(ascii).error();
    label = *std::move(ascii);
  }
  return ParseDnsName(Join(labels, "."), wildcard);
}

}  // namespace base::idn
