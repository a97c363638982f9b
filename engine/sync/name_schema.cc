// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/name_schema.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/text.h"

namespace engine::sync {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::string_view kCertificateId = "certificateId";
constexpr std::string_view kShortCertificateId = "shortCertificateId";
constexpr std::string_view kCommonName = "commonName";
constexpr std::size_t kShortIdLength = 22;  // 62^22 is the first power above 2^128

base::Error Problem(std::string_view what) { return base::Error{base::ErrorKind::kInvalid, base::Cat("the name schema ", what)}; }

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// A literal character or a placeholder's name, with its place in the schema, counted from 1.
struct Piece {
  std::string_view text;
  bool placeholder;
  std::size_t place;
};

// The next piece, taken off `rest`. Braces that do not pair up come out as literal characters.
Piece TakePiece(std::string_view schema, std::string_view& rest) {
  const std::size_t place = schema.size() - rest.size() + 1;
  const auto close = rest.starts_with(kOpen) ? rest.find(kClose) : std::string_view::npos;
  const bool placeholder = close != std::string_view::npos;
  const Piece piece{placeholder ? rest.substr(kOpen.size(), close - kOpen.size()) : rest.substr(0, 1), placeholder, place};
  rest.remove_prefix(placeholder ? close + kClose.size() : 1);
  return piece;
}

// The 128-bit number of `id` in base 62, digits before upper before lower case, padded with zeros.
std::string ShortId(std::string_view id) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string bytes = base::FromHex(id).value_or("");
  std::string text(kShortIdLength, '0');
  for (std::size_t i = text.size(); i > 0; --i) {
    unsigned remainder = 0;
    for (char& byte : bytes) {
      const unsigned value = remainder * 256 + static_cast<unsigned char>(byte);
      byte = static_cast<char>(value / 62);
      remainder = value % 62;
    }
    text[i - 1] = kDigits[remainder];
  }
  return text;
}

std::string Sanitized(std::string_view text) {
  std::string clean(text);
  std::replace_if(
      clean.begin(), clean.end(), [](char c) { return !IsWordCharacter(c); }, '-');
  return clean;
}

std::string ValueOf(std::string_view placeholder, const NameParts& parts) {
  if (placeholder == kCertificateId) return parts.certificate_id;
  if (placeholder == kShortCertificateId) return ShortId(parts.certificate_id);
  return Sanitized(parts.common_name);
}

}  // namespace

base::Result<void> CheckNameSchema(std::string_view schema) {
  constexpr std::array kKnown = {kCertificateId, kShortCertificateId, kCommonName};
  int certificate_ids = 0;
  for (std::string_view rest = schema; !rest.empty();) {
    const Piece piece = TakePiece(schema, rest);
    if (piece.placeholder) {
      if (std::find(kKnown.begin(), kKnown.end(), piece.text) == kKnown.end()) {
        return Problem(base::Cat("has the unknown placeholder {{", base::Printable(piece.text, 40), "}} at position ",
                                 piece.place, "; there are {{certificateId}}, {{shortCertificateId}} and {{commonName}}"));
      }
      certificate_ids += piece.text == kCertificateId ? 1 : 0;
    } else if (!IsWordCharacter(piece.text.front()) && piece.text != "/") {
      return Problem(base::Cat("holds the character \"", base::Printable(piece.text, 4), "\" at position ", piece.place,
                               "; only letters, digits, \"-\", \"_\" and \"/\" are allowed beside placeholders"));
    }
  }
  if (certificate_ids == 0) return Problem("lacks {{certificateId}}, which keeps the names of two certificates apart");
  if (certificate_ids > 1) return Problem("has {{certificateId}} more than once; write it exactly once");
  return {};
}

std::string CompileName(std::string_view schema, const NameParts& parts) {
  std::string name;
  for (std::string_view rest = schema; !rest.empty();) {
    const Piece piece = TakePiece(schema, rest);
    name.append(piece.placeholder ? ValueOf(piece.text, parts) : std::string(piece.text));
  }
  return name;
}

}  // namespace engine::sync
