// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/replacement.h"

#include "engine/acme/problem.h"

namespace engine::acme {
namespace {

using base::ErrorKind;

// A limit, an outage or a stop has nothing to do with `replaces`; what the names are refused for comes back without it too.
// serverInternal: Pebble 2.10 does not find certificates whose serial number has a leading zero octet, and says so with it.
bool MayBeDueToReplaces(const base::Error& error) {
  return IsProblem(error, "serverInternal") || error.kind == ErrorKind::kConflict || error.kind == ErrorKind::kInvalid ||
         error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kDenied;
}

bool IsWorthWaiting(const base::Call& call, const base::Error& error) {
  if (error.kind == ErrorKind::kUnavailable) return true;
  return error.kind == ErrorKind::kRateLimited && error.retry_after && *error.retry_after - call.Now() < call.TimeLeft();
}

}  // namespace

base::Result<Order> CreateReplacement(const base::Call& call, Client& client, const Account& account, NewOrder wanted) {
  if (wanted.replaces) {
    auto directory = FetchDirectory(call, client);
    if (!directory) return std::move(directory).error();
    if (directory->renewal_info.empty()) wanted.replaces.reset();
  }
  if (!wanted.replaces) return CreateOrder(call, client, account, wanted);
  // Few attempts first: an internal error may be due to `replaces`, and would outlast all patience.
  wanted.patience = Patience::kBrief;
  auto order = CreateOrder(call, client, account, wanted);
  wanted.patience = Patience::kOrder;
  if (order) return order;
  if (!MayBeDueToReplaces(order.error()))
    return IsWorthWaiting(call, order.error()) ? CreateOrder(call, client, account, wanted) : order;
  call.log.Info("ordering without the certificate that is replaced", {{base::key::kError, order.error().message}});
  wanted.replaces.reset();
  return CreateOrder(call, client, account, wanted);
}

}  // namespace engine::acme
