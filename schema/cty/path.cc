// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/path.h"

#include "base/text.h"

namespace schema::cty {
namespace {

void Append(std::string& text, const AttributeStep& step) {
  if (!text.empty()) text.push_back('.');
  text.append(step.name);
}

void Append(std::string& text, const KeyStep& step) {
  text.append("[\"");
  for (const char c : step.key) {
    if (c == '"' || c == '\\') text.push_back('\\');
    text.push_back(c);
  }
  text.append("\"]");
}

void Append(std::string& text, const IndexStep& step) { text.append(base::Cat('[', step.index, ']')); }

}  // namespace

std::string Path::ToText() const {
  std::string text;
  for (const Step& step : steps_) std::visit([&](const auto& one) { Append(text, one); }, step);
  return text;
}

std::string At(const Path& path, std::string_view fact) {
  return path.empty() ? std::string(fact) : base::Cat(path.ToText(), ": ", fact);
}

}  // namespace schema::cty
