// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/issue_value.h"

#include "base/text.h"

namespace engine::dns {

using base::Trim;

std::vector<std::string_view> IssueValue::Find(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : parameters) {
    if (base::EqualsIgnoreCase(key, name)) values.push_back(value);
  }
  return values;
}

IssueValue ParseIssueValue(std::string_view text) {
  IssueValue parsed;
  const auto semicolon = text.find(';');
  parsed.issuer = Trim(text.substr(0, semicolon));
  parsed.is_malformed = parsed.issuer.find_first_of(" \t=") != std::string_view::npos;
  while (text.find(';') != std::string_view::npos) {
    text.remove_prefix(text.find(';') + 1);
    const std::string_view parameter = Trim(text.substr(0, text.find(';')));
    if (parameter.empty()) {
      parsed.has_empty_parameter = true;
      continue;
    }
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos) {
      parsed.is_malformed = true;
      continue;
    }
    parsed.parameters.emplace_back(Trim(parameter.substr(0, equals)), Trim(parameter.substr(equals + 1)));
  }
  return parsed;
}

}  // namespace engine::dns
