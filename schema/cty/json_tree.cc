// SPDX-License-Identifier: MPL-2.0
// A reader of our own: a plan hands over the state of each resource as JSON, and reading it was half of this provider's work in a
// plan of thousands (docs/developers/adr/0010-own-json-reader.md).
#include "schema/cty/json_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace schema::cty {
namespace {

// Characters of one byte that are neither quote, backslash nor control character.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

// RFC 8259. Each Read takes one thing off the front of `text_`; false when it is not there.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}
  bool too_deep() const { return too_deep_; }

  bool ReadDocument(JsonTree& root, std::size_t depth) {
    SkipBlank();
    if (!ReadValue(root, depth)) return false;
    SkipBlank();
    return text_.empty();
  }

 private:
  bool ReadValue(JsonTree& tree, std::size_t depth) {
    if (text_.empty()) return false;
    switch (text_.front()) {
      case '{':
        return ReadMembers(tree, depth);
      case '[':
        return ReadElements(tree, depth);
      case '"':
        tree.kind = JsonTree::Kind::kString;
        return ReadString(tree.text);
      case 'n':
        return Take("null");
      case 't':
        tree.kind = JsonTree::Kind::kTrue;
        return Take("true");
      case 'f':
        tree.kind = JsonTree::Kind::kFalse;
        return Take("false");
      default:
        tree.kind = JsonTree::Kind::kNumber;
        return ReadNumber(tree.text);
    }
  }

  bool ReadMembers(JsonTree& tree, std::size_t depth) {
    tree.kind = JsonTree::Kind::kObject;
    return ReadList('}', depth, [&](std::size_t below) {
      auto& [name, value] = tree.members.emplace_back(std::string(), JsonTree{});
      if (text_.empty() || text_.front() != '"' || !ReadString(name)) return false;
      SkipBlank();
      if (!Take(":")) return false;
      SkipBlank();
      return ReadValue(value, below);
    });
  }

  bool ReadElements(JsonTree& tree, std::size_t depth) {
    tree.kind = JsonTree::Kind::kArray;
    return ReadList(']', depth, [&](std::size_t below) { return ReadValue(tree.elements.emplace_back(), below); });
  }

  // From the opening bracket to the closing one.
  template <typename ReadOne>
  bool ReadList(char closing, std::size_t depth, ReadOne read_one) {
    too_deep_ = depth == 0;
    if (too_deep_) return false;
    text_.remove_prefix(1);
    SkipBlank();
    if (Take({&closing, 1})) return true;
    for (;;) {
      if (!read_one(depth - 1)) return false;
      SkipBlank();
      if (Take({&closing, 1})) return true;
      if (!Take(",")) return false;
      SkipBlank();
    }
  }

  // The text between the quotes, its escapes replaced.
  bool ReadString(std::string& out) {
    text_.remove_prefix(1);
    for (;;) {
      const std::size_t plain = CountPlain();
      out.append(text_.substr(0, plain));
      text_.remove_prefix(plain);
      if (Take("\"")) return true;
      if (Take("\\")) {
        if (!ReadEscape(out)) return false;
        continue;
      }
      const bool is_foreign = !text_.empty() && static_cast<unsigned char>(text_.front()) >= 0x80;
      const std::size_t length = is_foreign ? base::Utf8SequenceLength(text_) : 0;
      if (length == 0) return false;
      out.append(text_.substr(0, length));
      text_.remove_prefix(length);
    }
  }

  // How many characters stand for themselves.
  std::size_t CountPlain() const {
    const auto end = std::find_if_not(text_.begin(), text_.end(), [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
    return static_cast<std::size_t>(end - text_.begin());
  }

  // What follows a backslash.
  bool ReadEscape(std::string& out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kCharacters = "\"\\/\b\f\n\r\t";
    if (Take("u")) return ReadUnicode(out);
    const std::size_t at = text_.empty() ? std::string_view::npos : kNames.find(text_.front());
    if (at == std::string_view::npos) return false;
    out.push_back(kCharacters[at]);
    text_.remove_prefix(1);
    return true;
  }

  // What follows "\u": four hex digits, and for characters beyond U+FFFF another escape (section 7).
  bool ReadUnicode(std::string& out) {
    std::uint32_t code = 0;
    if (!ReadHex(code)) return false;
    const bool is_high = code >= 0xD800 && code < 0xDC00;
    if (is_high) {
      std::uint32_t low = 0;
      if (!Take("\\u") || !ReadHex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= 0xD800 && code < 0xE000) return false;
    AppendUtf8(out, code);
    return true;
  }

  bool ReadHex(std::uint32_t& code) {
    const std::string_view digits = text_.substr(0, 4);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() < 4 || failed != std::errc() || end != digits.data() + 4) return false;
    text_.remove_prefix(4);
    return true;
  }

  static void AppendUtf8(std::string& out, std::uint32_t code) {
    const auto tail = [&](int shift) { out.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F))); };
    if (code < 0x80) {
      out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
      out.push_back(static_cast<char>(0xC0 | (code >> 6)));
      tail(0);
    } else if (code < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | (code >> 12)));
      tail(6);
      tail(0);
    } else {
      out.push_back(static_cast<char>(0xF0 | (code >> 18)));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  // Keeps the digits as they are.
  bool ReadNumber(std::string& out) {
    const std::string_view start = text_;
    Take("-");
    const bool is_whole = Take("0") || SkipDigits();
    const bool has_fraction = is_whole && Take(".");
    if (!is_whole || (has_fraction && !SkipDigits())) return false;
    if (Take("e") || Take("E")) {
      if (!Take("+")) Take("-");
      if (!SkipDigits()) return false;
    }
    out = start.substr(0, start.size() - text_.size());
    return true;
  }

  bool SkipDigits() {
    const std::size_t count = std::min(text_.find_first_not_of("0123456789"), text_.size());
    text_.remove_prefix(count);
    return count > 0;
  }

  void SkipBlank() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size())); }

  bool Take(std::string_view token) {
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }

  std::string_view text_;
  bool too_deep_ = false;
};

}  // namespace

base::Result<JsonTree> ParseJsonTree(std::string_view json, std::size_t depth) {
  JsonTree root;
  Parser parser(json);
  if (parser.ReadDocument(root, depth)) return root;
  return base::Error{base::ErrorKind::kProtocol, parser.too_deep() ? "the JSON text is nested too deep" : "not valid JSON"};
}

bool AppendJsonString(std::string& out, std::string_view text) {
  try {
    out.append(nlohmann::json(text).dump());
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace schema::cty
