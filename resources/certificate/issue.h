// SPDX-License-Identifier: MPL-2.0
// One issuance of a certwright_certificate: from the planned values, through the engine, to the state that Terraform saves.
#pragma once

#include "base/call.h"
#include "resources/context.h"
#include "resources/resource.h"

namespace resources::certificate {

// Makes a key, orders at the planned CA, and fills the planned state with the result; resumes what the journal has of a run that
// was killed. The certificate keeps the ID of the prior state. A failure gives a diagnostic at the attribute and the prior state:
// on create nothing. Blocks for the whole order, 15 minutes at most unless `timeouts` says otherwise.
ChangeResult IssueCertificate(const base::Call& call, const Context& context, const ChangeRequest& request);

}  // namespace resources::certificate
