// SPDX-License-Identifier: MPL-2.0
// What the user writes for a certificate, and what comes out.
#pragma once

#include "schema/schema.h"

namespace resources::certificate {

schema::Schema CertificateSchema();

}  // namespace resources::certificate
