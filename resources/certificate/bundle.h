// SPDX-License-Identifier: MPL-2.0
// certwright_certificate_bundle: an ephemeral resource that opens a certificate's handle while Terraform runs.
#pragma once

#include <memory>

#include "resources/source.h"

namespace resources::certificate {

std::unique_ptr<Source> MakeCertificateBundle();

}  // namespace resources::certificate
