// SPDX-License-Identifier: MPL-2.0
// YAML documents of others (kubeconfig files) as JSON values, over libyaml.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace engine::vendors::kubernetes {

// The first document. Scalars are strings, whatever they look like ("true", "8"); an unquoted null, ~ or nothing is null. Tags
// are not looked at. Errors: kInvalid (not YAML, with the line; an alias, or nesting beyond 32 levels; over 1 MiB). They repeat
// nothing of the text: it may be secret.
base::Result<base::Json> ParseYaml(std::string_view text);

}  // namespace engine::vendors::kubernetes
