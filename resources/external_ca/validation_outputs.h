// SPDX-License-Identifier: MPL-2.0
// The outputs of a CA that depend on its `validation`: dns_account_label and dns_persist.
#pragma once

#include "base/call.h"
#include "engine/acme/account.h"
#include "engine/acme/client.h"
#include "resources/context.h"
#include "resources/external_ca/model.h"
#include "resources/sealed/payload.h"
#include "schema/diagnostics.h"

namespace resources::external_ca {

enum class KeepsAccount { kWithKey, kWithOtherKey, kNo };

// What is known of them in a plan. `prior`: where the account comes from, if it is kept.
void PlanValidationOutputs(const CaModel& prior, KeepsAccount keeps, CaModel& planned);

// All of them, of an account at the CA with this directory.
void SetValidationOutputs(const engine::acme::Directory& directory, const engine::acme::Account& account, CaModel& planned);

// Those that the plan left unknown; reads the directory only for these. False after an error.
bool SettleValidationOutputs(const base::Call& call, const Context& context, const sealed::CaPayload& ca, CaModel& planned,
                             schema::Diagnostics& diagnostics);

// `validation` that does not go with the other arguments.
void ValidateValidation(const CaModel& ca, schema::Diagnostics& diagnostics);

}  // namespace resources::external_ca
