// SPDX-License-Identifier: MPL-2.0
// Orders that renew a certificate (RFC 9773 section 5): the CA is told which one, and may then exempt them from its rate limits.
#pragma once

#include "base/call.h"
#include "base/result.h"
#include "engine/acme/order.h"

namespace engine::acme {

// CreateOrder, with `replaces` only where the CA's directory has renewalInfo. An order that the CA refuses because of it
// (alreadyReplaced, another account's, unknown to it) is placed again without.
base::Result<Order> CreateReplacement(const base::Call& call, Client& client, const Account& account, NewOrder wanted);

}  // namespace engine::acme
