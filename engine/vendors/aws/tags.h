// SPDX-License-Identifier: MPL-2.0
// Tags of AWS's resources, and where they are as JSON.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json.h"

namespace engine::vendors::aws {

using AwsTags = std::map<std::string, std::string, std::less<>>;

// [{"Key": …, "Value": …}], as most of AWS's APIs have them.
base::Json ToJson(const AwsTags& tags);
// The member of that name of `object`; empty when there is none.
AwsTags FindTags(const base::Json& object, std::string_view name);

bool HasTag(const AwsTags& tags, std::string_view key, std::string_view value);
// Those of `wanted` that `there` lacks, or has with another value.
AwsTags MissingTags(const AwsTags& there, const AwsTags& wanted);

}  // namespace engine::vendors::aws
