// SPDX-License-Identifier: MPL-2.0
// The content of handles in the first format, cw1: JSON, with the attribute names of that time.
#pragma once

#include "base/json.h"
#include "resources/sealed/flat_settings.h"
#include "resources/sealed/payload.h"

namespace resources::sealed::format1 {

// Each throws nlohmann's exceptions on content that it does not know.
FlatConnection ConnectionFrom(const base::Json& value);
CaPayload CaFrom(const base::Json& value);
CertificatePayload CertificateFrom(const base::Json& value);

}  // namespace resources::sealed::format1
