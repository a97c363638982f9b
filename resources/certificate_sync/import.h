// SPDX-License-Identifier: MPL-2.0
// The id that `terraform import` is given for a certwright_certificate_sync: which objects of the destination it takes over.
#pragma once

#include <string_view>

#include "base/result.h"
#include "resources/certificate_sync/private_state.h"

namespace resources::certificate_sync {

// "aws_certificate_manager/web=arn:aws:acm:…,mail=arn:aws:acm:…": the destination's kind, then for each key of `certificates` the
// object's external id. The entries come back with their external ids alone: the next apply looks at them and takes them over.
// Errors: kInvalid (another form, an unknown destination, a key twice).
base::Result<DeployedByKey> ParseSyncImport(std::string_view id);

}  // namespace resources::certificate_sync
