// SPDX-License-Identifier: MPL-2.0
#include "base/require.h"

#include <cstdio>
#include <cstdlib>

namespace base {

void Require(bool condition, const char* reason, SourcePlace where) {
  if (condition) return;
  std::fprintf(stderr, "%s:%d: %s\n", where.file, where.line, reason);
  std::abort();
}

}  // namespace base
