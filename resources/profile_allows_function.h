// SPDX-License-Identifier: MPL-2.0
// provider::certwright::profile_allows: the rule `dns_names` of a certificate profile, for preconditions and tests.
#pragma once

#include "resources/function.h"

namespace resources {

Function ProfileAllows();

}  // namespace resources
