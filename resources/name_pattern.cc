// SPDX-License-Identifier: MPL-2.0
#include "resources/name_pattern.h"

#include <algorithm>

#include "base/idn/international_name.h"
#include "base/text.h"

namespace resources {
namespace {

constexpr std::string_view kAnyDepth = "**.";
constexpr std::string_view kOneLabel = "*.";

// Without the first label.
std::string_view ParentOf(std::string_view name) { return name.substr(std::min(name.find('.') + 1, name.size())); }

}  // namespace

base::Result<std::string> ParseNamePattern(std::string_view text) {
  if (!text.starts_with(kAnyDepth)) return base::idn::ParseInternationalName(text, base::Wildcard::kAllowed);
  auto rest = base::idn::ParseInternationalName(text.substr(kAnyDepth.size()), base::Wildcard::kRefused);
  if (!rest) return rest;
  return base::Cat(kAnyDepth, *rest);
}

bool MatchesAll(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with(kAnyDepth)) return name.ends_with(pattern.substr(2));
  if (pattern.starts_with(kOneLabel)) return ParentOf(name) == pattern.substr(kOneLabel.size());
  return name == pattern;
}

bool MatchesAny(std::string_view pattern, std::string_view name) {
  if (MatchesAll(pattern, name)) return true;
  const bool is_single_name = !pattern.starts_with('*');
  return name.starts_with(kOneLabel) && is_single_name && ParentOf(pattern) == ParentOf(name);
}

}  // namespace resources
