// SPDX-License-Identifier: MPL-2.0
// verify_on_refresh: what the CA says of the account of a certwright_external_ca_acme, when Terraform refreshes.
#pragma once

#include "base/call.h"
#include "resources/context.h"
#include "resources/external_ca/model.h"
#include "schema/cty/value.h"
#include "schema/diagnostics.h"

namespace resources::external_ca {

// Asks the CA once, with the account that the state's handle holds; without a handle, after an import, nothing. An account_email
// that the CA knows otherwise is changed in `state`, so that the next plan sets it right. All else is a warning, never an error:
// a CA that is down stops no plan, and an account that is gone no destroy. Blocks, 5 seconds at most.
void VerifyAccount(const base::Call& call, const Context& context, CaModel& state, schema::Diagnostics& diagnostics);

}  // namespace resources::external_ca
