// SPDX-License-Identifier: MPL-2.0
// What a moved block takes over from the provider vancluever/acme 2.x: its acme_registration, by the attributes of its state
// (schema: https://registry.terraform.io/providers/vancluever/acme/latest/docs/resources/registration). It holds the account's
// key in clear; what comes out holds none in the state.
#pragma once

#include <optional>

#include "resources/resource.h"

namespace resources::external_ca {

// The same account under the same key. The state has no directory_url: the first plan takes the configured one.
std::optional<ImportResult> MoveAcmeRegistration(const schema::Schema& target, const MoveRequest& request);

}  // namespace resources::external_ca
