// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/issue.h"

#include <algorithm>
#include <atomic>

#include "base/crypto/csr.h"
#include "base/parallel.h"
#include "base/text.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/authorization.h"
#include "engine/acme/certificate.h"
#include "engine/acme/challenge.h"
#include "engine/acme/order_wait.h"
#include "engine/acme/problem.h"
#include "engine/acme/replacement.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Deadline;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::SteadyTime;

constexpr std::size_t kMaxConcurrency = 16;
constexpr std::chrono::seconds kCleanupLimit{30};
constexpr std::chrono::seconds kAbandonLimit{1};
constexpr std::chrono::seconds kSeeThroughLimit{30};

// Of a failure that says nothing against the order itself.
bool IsPassing(ErrorKind kind) {
  return kind == ErrorKind::kCancelled || kind == ErrorKind::kTimeout || kind == ErrorKind::kUnavailable ||
         kind == ErrorKind::kRateLimited;
}

// One issuance under way: what was asked for, and what must be cleaned up.
class Issuance {
 public:
  Issuance(Client& client, const Account& account, const IssueRequest& request, Solver& solver)
      : client_(client), account_(account), request_(request), solver_(solver) {}

  Result<Issued> Run(const Call& call) {
    if (!request_.left_order.empty()) {
      auto issued = Complete(call, TakeUpOrder(call));
      if (issued || IsPassing(issued.error().kind)) return issued;
      call.log.Warn("the order that an earlier run left is of no use; a new one is placed",
                    {{base::key::kNames, Names()}, {base::key::kError, issued.error().message}});
      StartAnew(call);
    }
    if (auto able = Prepare(call); !able) return std::move(able).error();
    return Complete(call, PlaceOrder(call));
  }

  // Takes back what is of no use any more, under a deadline of its own. Returns lines for the user.
  std::vector<std::string> CleanUp(const Call& call, const Result<Issued>& outcome) {
    const Call own = call.ForCleanup(kCleanupLimit);
    RemoveRecords(own);
    if (!outcome && !IsWorthKeeping(outcome.error())) {
      // Somebody who pressed Ctrl-C does not wait for a CA that hangs.
      Abandon(outcome.error().kind == ErrorKind::kCancelled ? own.Within(kAbandonLimit) : own);
    }
    return std::move(warnings_);
  }

 private:
  Result<Issued> Complete(const Call& call, Result<Order> order) {
    if (!order) return std::move(order).error();
    auto ready = Authorize(call, *std::move(order));
    if (!ready) return std::move(ready).error();
    return SeeThrough(call, *std::move(ready));
  }

  Result<Order> TakeUpOrder(const Call& call) {
    step_began_ = call.SteadyNow();
    auto order = FetchOrder(call, client_, account_, request_.left_order);
    if (!order) return order;
    authorization_urls_ = order->authorizations;
    std::vector<std::string> names = request_.dns_names;
    std::sort(names.begin(), names.end());
    if (order->dns_names != names) return Error{ErrorKind::kConflict, "the order is for other names"};
    if (order->status == OrderStatus::kInvalid) return Error{ErrorKind::kInvalid, "the order is invalid"};
    call.log.Info("order of an earlier run resumed", {{base::key::kNames, Names()}, {base::key::kOrder, order->url}, Took(call)});
    return order;
  }

  // Back to where no order was.
  void StartAnew(const Call& call) {
    const Call own = call.ForCleanup(kCleanupLimit);
    RemoveRecords(own);
    Abandon(own);
    authorization_urls_.clear();
    authorizations_.clear();
    records_.clear();
    answered_ = proven_ = false;
  }

  Result<void> Prepare(const Call& call) {
    std::vector<std::string> challenges;
    for (const std::string& name : request_.dns_names) challenges.push_back(ChallengeName(name));
    return solver_.Prepare(call, challenges);
  }

  Result<Order> PlaceOrder(const Call& call) {
    step_began_ = call.SteadyNow();
    auto order =
        CreateReplacement(call, client_, account_, {request_.dns_names, request_.profile, request_.replaces, request_.not_after});
    if (!order) return order;
    authorization_urls_ = order->authorizations;
    if (request_.checkpoints != nullptr) request_.checkpoints->OrderPlaced(call, order->url);
    call.log.Info("order placed", {{base::key::kNames, Names()}, {base::key::kOrder, order->url}, Took(call)});
    if (order->status == OrderStatus::kInvalid) return OrderError(call, client_, account_, *order);
    return order;
  }

  // From pending to ready: proves control of every name that the CA does not trust already.
  Result<Order> Authorize(const Call& call, Order order) {
    if (order.status != OrderStatus::kPending) return order;
    auto fetched = FetchAuthorizations(call, client_, account_, order.authorizations);
    if (!fetched) return std::move(fetched).error();
    authorizations_ = *std::move(fetched);
    auto pending = PendingChallenges();
    if (!pending) return std::move(pending).error();
    if (auto placed = PlaceRecords(call); !placed) return std::move(placed).error();
    if (auto answered = AnswerAll(call, *pending); !answered) return std::move(answered).error();
    auto ready = WaitWhile(call, client_, account_, std::move(order), OrderStatus::kPending);
    if (!ready) return std::move(ready).error().While("waiting for the validation");
    Say(call, "names validated");
    return ready;
  }

  void RemoveRecords(const Call& call) {
    if (!placed_) return;
    placed_ = false;
    const auto removed = solver_.Remove(call, records_);
    if (removed) return Say(call, "challenge records removed");
    const auto& left = removed.error().details;
    warnings_.insert(warnings_.end(), left.begin(), left.end());
    if (left.empty()) warnings_.push_back(base::Cat("challenge records may be left: ", removed.error().message));
  }

  // Whether a later run could go on with the order after this failure.
  bool IsWorthKeeping(const Error& reason) const {
    if (reason.kind == ErrorKind::kUnavailable && !reason.code.starts_with(kProblemPrefix)) return true;  // out of reach
    // Authorizations whose validation has begun end by themselves; Pebble 2.4.0 locks up when one is deactivated before that.
    return IsPassing(reason.kind) && (proven_ || (reason.kind == ErrorKind::kCancelled && answered_));
  }

  void Abandon(const Call& call) {
    DeactivatePending(call, client_, account_, authorization_urls_);
    if (request_.checkpoints != nullptr) request_.checkpoints->OrderAbandoned(call);
  }

  // The authorizations whose challenge is to be answered; fills records_, each value once.
  Result<std::vector<const Authorization*>> PendingChallenges() {
    std::vector<const Authorization*> pending;
    for (const Authorization& one : authorizations_) {
      if (one.status == AuthorizationStatus::kValid) continue;
      if (one.status != AuthorizationStatus::kPending) return ValidationError(authorizations_);
      const auto name = one.Name();
      if (std::find(request_.dns_names.begin(), request_.dns_names.end(), name) == request_.dns_names.end()) {
        return Error{ErrorKind::kProtocol, base::Cat("the CA wants a proof for ", name, ", which was not ordered")};
      }
      const Challenge* challenge = one.FindDns01();
      if (challenge == nullptr) {
        return Error{ErrorKind::kInvalid, base::Cat("the CA offers no DNS challenge (dns-01) for ", name)};
      }
      auto record = RecordFor(one.identifier, *challenge, account_.key);
      if (!record) return std::move(record).error();
      const bool known = std::any_of(records_.begin(), records_.end(), [&](const ChallengeRecord& other) {
        return other.fqdn == record->fqdn && other.value == record->value;  // some CAs give apex and wildcard one token
      });
      if (!known) records_.push_back(*std::move(record));
      if (challenge->status == ChallengeStatus::kPending) pending.push_back(&one);
    }
    return pending;
  }

  Result<void> PlaceRecords(const Call& call) {
    if (records_.empty()) return {};
    step_began_ = call.SteadyNow();
    placed_ = true;  // even when Place fails: it may have placed some
    if (auto placed = solver_.Place(call, records_); !placed)
      return std::move(placed).error().While("placing the challenge records");
    Say(call, "challenge records placed");
    if (auto visible = solver_.Wait(call, records_); !visible) {
      return std::move(visible).error().While("waiting for the challenge records to be visible");
    }
    Say(call, "challenge records visible");
    return {};
  }

  Result<void> AnswerAll(const Call& call, const std::vector<const Authorization*>& pending) {
    step_began_ = call.SteadyNow();
    std::vector<Result<void>> answers(pending.size());
    base::ForEachInParallel(pending.size(), kMaxConcurrency,
                            [&](std::size_t i) { answers[i] = AnswerChallenge(call, client_, account_, *pending[i]); });
    for (auto& answer : answers) {
      if (!answer) return std::move(answer).error();
    }
    answered_ = true;
    return {};
  }

  // From finalize on the certificate is as good as issued: a stop request ends it only after kSeeThroughLimit.
  Result<Issued> SeeThrough(const Call& call, const Order& order) {
    proven_ = true;
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    step_began_ = call.SteadyNow();
    std::atomic<Deadline> given_up = Deadline::In(*call.clock, Deadline::kMaxLimit);
    const std::stop_callback note(call.stop, [&] { given_up = Deadline::In(*call.clock, kSeeThroughLimit); });
    auto issued = Conclude(call, order);
    if (issued || issued.error().kind != ErrorKind::kCancelled) return issued;
    Call last = call.ForCleanup(kSeeThroughLimit);
    last.deadline = std::min(last.deadline, given_up.load());
    const auto present = FetchOrder(last, client_, account_, order.url);
    const bool finalized = present && (present->status == OrderStatus::kProcessing || present->status == OrderStatus::kValid);
    if (!finalized) return issued;
    call.log.Info("the run was interrupted; the certificate is waited for", {{base::key::kNames, Names()}});
    return Conclude(last, *present);
  }

  Result<Issued> Conclude(const Call& call, Order order) {
    if (order.status == OrderStatus::kReady) {
      auto finalized = Finalize(call, order);
      if (!finalized) return std::move(finalized).error();
      order = *std::move(finalized);
    }
    // Ready again: the answer to finalize was read from a server that lags behind.
    for (const OrderStatus from : {OrderStatus::kReady, OrderStatus::kProcessing}) {
      auto moved = WaitWhile(call, client_, account_, order, from);
      if (!moved) return std::move(moved).error().While("waiting for the certificate");
      order = *std::move(moved);
    }
    if (order.status == OrderStatus::kInvalid)
      return OrderError(call, client_, account_, order).While("waiting for the certificate");
    if (order.status != OrderStatus::kValid) return Error{ErrorKind::kProtocol, "the order went back to pending after finalize"};
    auto download = DownloadChain(call, client_, account_, order.certificate, request_.preferred_chain);
    if (!download) return std::move(download).error();
    const std::string key = request_.csr ? request_.csr->public_key_der : request_.key->PublicKeyDer();
    if (auto fine = CheckLeaf(download->chain.front(), key, request_.dns_names, call.Now()); !fine)
      return std::move(fine).error();
    Say(call, "certificate issued");
    return Issued{std::move(download->chain), order.certificate, {}, std::move(download->offered)};
  }

  Result<Order> Finalize(const Call& call, const Order& order) {
    if (request_.csr) return FinalizeOrder(call, client_, account_, order, request_.csr->der);
    auto csr = base::crypto::MakeCsr(*request_.key, {request_.dns_names, request_.common_name});
    if (!csr) return std::move(csr).error().While("making the certificate request");
    return FinalizeOrder(call, client_, account_, order, *csr);
  }

  std::string Names() const { return base::Join(request_.dns_names, ", "); }
  base::LogField Took(const Call& call) {
    const SteadyTime began = std::exchange(step_began_, call.SteadyNow());
    return {base::key::kTook, std::chrono::duration_cast<std::chrono::milliseconds>(step_began_ - began)};
  }
  void Say(const Call& call, std::string_view step) { call.log.Info(step, {{base::key::kNames, Names()}, Took(call)}); }

  Client& client_;
  const Account& account_;
  const IssueRequest& request_;
  Solver& solver_;
  std::vector<std::string> authorization_urls_;
  std::vector<Authorization> authorizations_;  // as they were before the challenges were answered
  std::vector<ChallengeRecord> records_;       // each value once
  std::vector<std::string> warnings_;          // records that are left, each a line
  bool placed_ = false;                        // some records may be in place
  bool answered_ = false;                      // every challenge
  bool proven_ = false;                        // the order got to ready
  SteadyTime step_began_{};
};

}  // namespace

base::Result<Issued> Issue(const Call& call, Client& client, const Account& account, const IssueRequest& request,
                           Solver& solver) {
  const auto turn = client.order_limiter.Take(call, account.url);
  if (!turn) return base::Error(turn.error()).While("waiting for a turn to order");
  Issuance issuance(client, account, request, solver);
  auto issued = issuance.Run(call);
  const std::vector<std::string> warnings = issuance.CleanUp(call, issued);
  if (issued) {
    issued->warnings = warnings;
  } else {
    issued.error().details.insert(issued.error().details.end(), warnings.begin(), warnings.end());
  }
  return issued;
}

base::Result<OrderStatus> AbandonOrder(const Call& call, Client& client, const Account& account, const std::string& url) {
  const auto order = FetchOrder(call, client, account, url);
  if (!order) return order.error();
  if (order->status != OrderStatus::kProcessing && order->status != OrderStatus::kValid) {
    DeactivatePending(call, client, account, order->authorizations);
  }
  return order->status;
}

}  // namespace engine::acme
