// SPDX-License-Identifier: MPL-2.0
// certwright_certificate_profile: a CA's handle with rules and defaults. It exists in the state alone, and makes no request.
#pragma once

#include <memory>

#include "resources/resource.h"

namespace resources::certificate_profile {

std::unique_ptr<Resource> MakeCertificateProfile();

}  // namespace resources::certificate_profile
