// SPDX-License-Identifier: MPL-2.0
#include "base/version.h"

namespace base {

std::string_view Version() { return CERTWRIGHT_VERSION " (" CERTWRIGHT_COMMIT ")"; }

}  // namespace base
