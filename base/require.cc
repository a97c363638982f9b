// SPDX-License-Identifier: MPL-2.0
#include "base/require.h"

#include <cstdio>
#include <cstdlib>

namespace base {

void Require(bool condition, const char* reason, std::source_location where) {
  if (condition) return;
  std::fprintf(stderr, "%s:%u: %s\n", where.file_name(), static_cast<unsigned>(where.line()), reason);
  std::abort();
}

}  // namespace base
