// SPDX-License-Identifier: MPL-2.0
// revoke_on_destroy: what the destroy of a certwright_certificate tells its CA.
#pragma once

#include "base/call.h"
#include "resources/certificate/model.h"
#include "resources/context.h"
#include "resources/resource.h"

namespace resources::certificate {

// Revokes the prior certificate, by the account's key or by its own, unless it has expired or is being replaced: a certificate of
// which a name was issued anew in this run counts as replaced. False after an error, which says how
// to get past it. Blocks on the network, two minutes at most or as long as timeouts.delete says.
bool RevokeOnDestroy(const base::Call& call, const Context& context, const CertificateModel& prior, const ChangeRequest& request,
                     schema::Diagnostics& diagnostics);

}  // namespace resources::certificate
