// SPDX-License-Identifier: MPL-2.0
// What the user writes for an external CA.
#pragma once

#include "schema/schema.h"

namespace resources::external_ca {

schema::Schema ExternalCaAcmeSchema();

}  // namespace resources::external_ca
