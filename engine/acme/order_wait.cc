// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/order_wait.h"

#include <algorithm>
#include <array>

#include "base/poller.h"
#include "base/text.h"
#include "engine/acme/authorization.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;
using base::TimePoint;
using std::chrono::milliseconds;

// The first pause leaves a quick CA the time to validate and to issue, so that one poll is enough: Pebble takes 10 to 60 ms.
constexpr std::array<milliseconds, 7> kPauses = {milliseconds(100),  milliseconds(150),  milliseconds(250), milliseconds(500),
                                                 milliseconds(1000), milliseconds(2000), milliseconds(4000)};
constexpr milliseconds kShortestRetryAfter{250};
constexpr std::size_t kPollsBetweenLooks = 4;

std::string_view WhatHappens(OrderStatus status) {
  return status == OrderStatus::kPending ? "validation of the names" : "issuance of the certificate";
}

// An authorization that failed while its order stays pending (section 7.1.6 wants the order invalid; not every CA obeys).
base::Result<void> LookAtAuthorizations(const Call& call, Client& client, const Account& account, const Order& order) {
  auto authorizations = FetchAuthorizations(call, client, account, order.authorizations);
  if (!authorizations) return std::move(authorizations).error();
  const bool failed = std::any_of(authorizations->begin(), authorizations->end(), [](const Authorization& one) {
    return one.status != AuthorizationStatus::kPending && one.status != AuthorizationStatus::kValid;
  });
  if (failed) return ValidationError(*authorizations);
  return {};
}

Error TooLate(Error error, const Order& order, const base::Poller& poller) {
  if (error.kind != ErrorKind::kTimeout) return error;
  const auto waited = std::chrono::duration_cast<std::chrono::seconds>(poller.TimeSpent());
  error.message = base::Cat("the CA did not finish the ", WhatHappens(order.status), " within ", waited.count(), " s");
  return error;
}

}  // namespace

std::optional<milliseconds> RequestedPause(const std::optional<TimePoint>& retry_after, TimePoint now,
                                           std::chrono::nanoseconds time_left) {
  if (!retry_after || *retry_after - now >= time_left) return std::nullopt;
  return std::max(kShortestRetryAfter, std::chrono::ceil<milliseconds>(*retry_after - now));
}

base::Result<Order> WaitWhile(const Call& call, Client& client, const Account& account, Order order, OrderStatus from) {
  Call waiting = call;
  waiting.log = call.log.With({{base::key::kStep, WhatHappens(from)}, {base::key::kNames, base::Join(order.dns_names, ", ")}});
  base::Poller poller(waiting, "waiting for the CA", kPauses);
  while (order.status == from) {
    const auto requested = RequestedPause(order.retry_after, call.Now(), call.TimeLeft());
    if (auto waited = poller.Pause(requested); !waited) return TooLate(std::move(waited).error(), order, poller);
    if (from == OrderStatus::kPending && poller.pauses() % kPollsBetweenLooks == 0) {
      if (auto fine = LookAtAuthorizations(call, client, account, order); !fine) return std::move(fine).error();
    }
    auto present = FetchOrder(call, client, account, order.url);
    if (!present) return TooLate(std::move(present).error(), order, poller);
    order = *std::move(present);
  }
  if (order.status == OrderStatus::kInvalid) return OrderError(call, client, account, order);
  return order;
}

Error OrderError(const Call& call, Client& client, const Account& account, const Order& order) {
  const auto authorizations = FetchAuthorizations(call, client, account, order.authorizations);
  if (authorizations) {
    Error error = ValidationError(*authorizations);
    if (!error.details.empty()) return error;
  }
  if (order.problem) return *order.problem;
  return {ErrorKind::kInvalid, "the CA made the order invalid without giving a reason"};
}

}  // namespace engine::acme
