// SPDX-License-Identifier: MPL-2.0
// What moved blocks take over from the provider vancluever/acme 2.x: its acme_certificate and acme_registration, by the
// attributes of their state (schemas: https://registry.terraform.io/providers/vancluever/acme/latest/docs). They hold keys in
// clear; what comes out holds none in the state.
#pragma once

#include <optional>

#include "resources/resource.h"

namespace resources {

// The same certificate under the same key. Empty for other source types. Errors: it has no private key (it came from a CSR), or
// one of a type that this provider does not have.
std::optional<ImportResult> MoveAcmeCertificate(const schema::Schema& target, const MoveRequest& request);

// The same account under the same key. The state has no directory_url: the first plan takes the configured one.
std::optional<ImportResult> MoveAcmeRegistration(const schema::Schema& target, const MoveRequest& request);

}  // namespace resources
