// SPDX-License-Identifier: MPL-2.0
// What a moved block takes over from the provider vancluever/acme 2.x: its acme_certificate, by the attributes of its state
// (schema: https://registry.terraform.io/providers/vancluever/acme/latest/docs/resources/certificate). It holds the key in clear;
// what comes out holds none in the state.
#pragma once

#include <optional>

#include "resources/resource.h"

namespace resources::certificate {

// The same certificate under the same key. Empty for other source types. Errors: it has no private key (it came from a CSR), or
// one of a type that this provider does not have.
std::optional<ImportResult> MoveAcmeCertificate(const schema::Schema& target, const MoveRequest& request);

}  // namespace resources::certificate
