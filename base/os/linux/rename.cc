// SPDX-License-Identifier: MPL-2.0
#include "base/os/posix/rename.h"

#include <cstdio>

namespace base::os {

bool RenameWithoutReplacing(int folder, const std::string& from, const std::string& to) {
  return renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0;
}

}  // namespace base::os
