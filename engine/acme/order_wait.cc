// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/order_wait.h"

#include <algorithm>
#include <array>

#include "base/poller.h"
#include "base/text.h"
#include "engine/acme/authorization.h"
#include "engine/acme/pending_authorizations.h"

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

std::string_view WhatHappens(Phase phase) {
  return phase == Phase::kValidation ? "validation of the names" : "issuance of the certificate";
}

bool IsOver(OrderStatus status, Phase phase) {
  if (phase == Phase::kValidation) return status != OrderStatus::kPending;
  return status == OrderStatus::kValid || status == OrderStatus::kInvalid;
}

Error TooLate(Error error, Phase phase, const base::Poller& poller, const std::vector<std::string>& complaints) {
  if (error.kind != ErrorKind::kTimeout) return error;
  const auto waited = std::chrono::duration_cast<std::chrono::seconds>(poller.TimeSpent());
  error.message = base::Cat("the CA did not finish the ", WhatHappens(phase), " within ", waited.count(), " s");
  error.details = complaints;
  return error;
}

}  // namespace

std::optional<milliseconds> RequestedPause(const std::optional<TimePoint>& retry_after, TimePoint now,
                                           std::chrono::nanoseconds time_left) {
  if (!retry_after || *retry_after - now >= time_left) return std::nullopt;
  return std::max(kShortestRetryAfter, std::chrono::ceil<milliseconds>(*retry_after - now));
}

base::Result<Order> WaitFor(const Call& call, Client& client, const Account& account, Order order, Phase phase) {
  Call waiting = call;
  waiting.log = call.log.With({{base::key::kStep, WhatHappens(phase)}, {base::key::kNames, base::Join(order.dns_names, ", ")}});
  base::Poller poller(waiting, "waiting for the CA", kPauses);
  PendingAuthorizations pending;
  while (!IsOver(order.status, phase)) {
    const auto requested = RequestedPause(order.retry_after, call.Now(), call.TimeLeft());
    if (auto waited = poller.Pause(requested); !waited)
      return TooLate(std::move(waited).error(), phase, poller, pending.complaints());
    const bool is_time_to_look = poller.pauses() % kPollsBetweenLooks == 0 || !pending.complaints().empty();
    if (phase == Phase::kValidation && is_time_to_look) {
      if (auto fine = pending.Look(call, client, account, order); !fine)
        return TooLate(std::move(fine).error(), phase, poller, pending.complaints());
    }
    auto present = FetchOrder(call, client, account, order.url);
    if (!present) return TooLate(std::move(present).error(), phase, poller, pending.complaints());
    if (present->authorizations.size() > std::max(order.authorizations.size(), order.dns_names.size())) {
      return Error{ErrorKind::kProtocol, "the CA added authorizations to the order"};
    }
    order = *std::move(present);
  }
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
