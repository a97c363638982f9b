// SPDX-License-Identifier: MPL-2.0
// Waiting for an order to move on (RFC 8555 section 7.1.6): the order is polled, not its authorizations.
#pragma once

#include <chrono>
#include <optional>

#include "engine/acme/order.h"

namespace engine::acme {

// How long the CA's Retry-After asks to wait, at least a quarter of a second. Empty without one, and when it ends after the time
// left: some CAs say a day where minutes are meant. Pure.
std::optional<std::chrono::milliseconds> RequestedPause(const std::optional<base::TimePoint>& retry_after, base::TimePoint now,
                                                        std::chrono::nanoseconds time_left);

enum class Phase {
  kValidation,  // while the order is pending
  kIssuance,    // until it is valid: an older status is that of a replica that lags behind
};

// The order once the phase is over. `order`: as last seen; it is polled only if the phase is not over.
// A pending order's authorizations are looked at now and then too, since not every CA fails the order with them.
// An order that became invalid is returned as well. Errors: kTimeout saying what was waited for, and what the CA said last;
// kInvalid and others when an authorization became invalid.
base::Result<Order> WaitFor(const base::Call& call, Client& client, const Account& account, Order order, Phase phase);

// Why the order is invalid: its own problem and its failed authorizations.
base::Error OrderError(const base::Call& call, Client& client, const Account& account, const Order& order);

}  // namespace engine::acme
