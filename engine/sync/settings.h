// SPDX-License-Identifier: MPL-2.0
// What a destination block says, as its destination sees it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace engine::sync {

// The settings of a destination block, set fields only, as text; lists joined by newlines.
using Settings = std::map<std::string, std::string, std::less<>>;
// Its secret fields, those that are set.
using Secrets = std::map<std::string, base::Secret, std::less<>>;

inline constexpr base::Subject kDestinationSubject{"destination"};

// For Error::blame: a field of the destination block.
inline base::Blame DestinationField(std::string_view field) { return {kDestinationSubject, std::string(field)}; }

inline std::string FindText(const Settings& settings, std::string_view name, std::string_view fallback = {}) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string(fallback) : found->second;
}

inline std::optional<base::Secret> FindSecret(const Secrets& secrets, std::string_view name) {
  const auto found = secrets.find(name);
  return found == secrets.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace engine::sync
