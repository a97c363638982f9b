// SPDX-License-Identifier: MPL-2.0
#include "base/os/open_flags.h"

#include <fcntl.h>

namespace base::os {

const int kOpenToRead = O_RDONLY;
const int kOpenNewFile = O_WRONLY | O_CREAT | O_EXCL;

}  // namespace base::os
