// SPDX-License-Identifier: MPL-2.0
#include "provider/version.h"

#define CERTWRIGHT_FULL_VERSION CERTWRIGHT_VERSION " (" CERTWRIGHT_COMMIT ")"

namespace provider {

std::string_view Version() { return CERTWRIGHT_FULL_VERSION; }

std::string_view UserAgent() { return "terraform-provider-certwright/" CERTWRIGHT_FULL_VERSION; }

}  // namespace provider
