// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/txt_content.h"

#include <algorithm>

namespace engine::dns {
namespace {

bool IsDigit(char one) { return one >= '0' && one <= '9'; }

// What a backslash at `text`'s beginning stands for: \DDD or the next character; its length goes into `length`.
char Unescape(std::string_view text, std::size_t& length) {
  length = 2;
  if (text.size() >= 4 && std::all_of(text.begin() + 1, text.begin() + 4, IsDigit)) {
    length = 4;
    return static_cast<char>((text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0'));
  }
  return text[1];
}

}  // namespace

std::string QuoteTxt(std::string_view value) {
  std::string quoted = "\"";
  for (const char one : value) {
    if (one == '"' || one == '\\') quoted.push_back('\\');
    quoted.push_back(one);
  }
  quoted.push_back('"');
  return quoted;
}

std::string UnquoteTxt(std::string_view content) {
  if (!content.starts_with('"')) return std::string(content);
  std::string value;
  bool is_inside = false;
  for (std::size_t i = 0; i < content.size();) {
    std::size_t length = 1;
    if (content[i] == '"') {
      is_inside = !is_inside;
    } else if (is_inside) {
      const bool is_escape = content[i] == '\\' && i + 1 < content.size();
      value.push_back(is_escape ? Unescape(content.substr(i), length) : content[i]);
    }
    i += length;
  }
  return value;
}

}  // namespace engine::dns
