// SPDX-License-Identifier: MPL-2.0
// The settings of a destination block, its secrets among them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/settings.h"

namespace engine::sync {

using Settings = base::Settings;

inline constexpr base::Subject kDestinationSubject{"destination"};

// For Error::blame: a field of the destination block.
inline base::Blame DestinationField(std::string_view field) { return {kDestinationSubject, std::string(field)}; }

}  // namespace engine::sync
