// SPDX-License-Identifier: MPL-2.0
// Calls to one vendor that do not depend on each other, some at a time.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace engine::dns {

// Runs `work` for 0 to `count` - 1, four at a time, on threads of its own. None is begun after a failure that the next one would
// meet as well (denied, rate limited, out of time, cancelled). The first failure.
base::Result<void> ForEachAtOnce(std::size_t count, const std::function<base::Result<void>(std::size_t)>& work);

}  // namespace engine::dns
