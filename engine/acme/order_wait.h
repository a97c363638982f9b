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

// The order once it is no longer `from`. `order`: as last seen; it is polled only while its status is `from`.
// A pending order's authorizations are looked at now and then too, since not every CA fails the order with them.
// Errors: kTimeout saying what was waited for; kInvalid and others when the order or an authorization became invalid.
base::Result<Order> WaitWhile(const base::Call& call, Client& client, const Account& account, Order order, OrderStatus from);

// Why the order is invalid: its own problem and its failed authorizations.
base::Error OrderError(const base::Call& call, Client& client, const Account& account, const Order& order);

}  // namespace engine::acme
