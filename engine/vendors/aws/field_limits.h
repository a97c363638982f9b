// SPDX-License-Identifier: MPL-2.0
// What AWS takes as a region and as tags, as far as the values alone tell it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/connections/connection.h"
#include "engine/sync/settings.h"

namespace engine::vendors::aws {

// The shape of a region, never a list: AWS opens new ones. Empty if it is fine.
std::string CheckRegion(std::string_view region);

// Problems with the settings "region" and "tags" of a destination. `own`: how many tags Certwright adds.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
void CheckAwsLimits(const sync::Settings& settings, std::size_t own, std::vector<connections::FieldProblem>& problems);

}  // namespace engine::vendors::aws
