// SPDX-License-Identifier: MPL-2.0
// certwright_certificate_sync: keeps certificates deployed at one destination.
#pragma once

#include <memory>

#include "resources/resource.h"

namespace resources::certificate_sync {

std::unique_ptr<Resource> MakeCertificateSync();

}  // namespace resources::certificate_sync
