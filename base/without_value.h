// SPDX-License-Identifier: MPL-2.0
// For answers whose content says nothing more than that the request succeeded.
#pragma once

#include "base/result.h"

namespace base {

// Success, or the error.
template <typename T>
Result<void> WithoutValue(const Result<T>& result) {
  return result ? Result<void>() : Result<void>(result.error());
}

}  // namespace base
