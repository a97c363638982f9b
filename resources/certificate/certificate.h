// SPDX-License-Identifier: MPL-2.0
// certwright_certificate: one certificate with its key, ordered at an external CA and renewed in time.
#pragma once

#include <memory>

#include "resources/resource.h"

namespace resources::certificate {

std::unique_ptr<Resource> MakeCertificate();

}  // namespace resources::certificate
