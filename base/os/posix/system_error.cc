// SPDX-License-Identifier: MPL-2.0
#include "base/os/posix/system_error.h"

#include <system_error>

#include "base/text.h"

namespace base::os {

std::string SystemErrorText(int code) { return ToLower(std::generic_category().message(code)); }

}  // namespace base::os
