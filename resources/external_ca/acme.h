// SPDX-License-Identifier: MPL-2.0
// certwright_external_ca_acme: an account at an ACME CA, and the DNS connections that prove control of names there.
#pragma once

#include <memory>

#include "resources/resource.h"

namespace resources::external_ca {

std::unique_ptr<Resource> MakeExternalCaAcme();

}  // namespace resources::external_ca
