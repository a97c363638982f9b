// SPDX-License-Identifier: MPL-2.0
// Waiting for an order to move on (RFC 8555 section 7.1.6): the order is polled, not its authorizations.
#pragma once

#include <chrono>

#include "engine/acme/order.h"

namespace engine::acme {

// How long to wait before poll number `poll` (the first is 0). The CA's Retry-After wins, but not below a quarter of a second,
// nor when it ends after the deadline: some CAs say a day where minutes are meant. Pure.
std::chrono::milliseconds PollPause(int poll, const std::optional<base::TimePoint>& retry_after, base::TimePoint now,
                                    std::chrono::nanoseconds time_left);

// The order once it is no longer `from`. `order`: as last seen; it is polled only while its status is `from`.
// A pending order's authorizations are looked at now and then too, since not every CA fails the order with them.
// Errors: kTimeout saying what was waited for; kInvalid and others when the order or an authorization became invalid.
base::Result<Order> WaitWhile(const base::Call& call, Client& client, const Account& account, Order order, OrderStatus from);

// Why the order is invalid: its own problem and its failed authorizations.
base::Error OrderError(const base::Call& call, Client& client, const Account& account, const Order& order);

}  // namespace engine::acme
