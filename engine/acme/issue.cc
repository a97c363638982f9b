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
#include "engine/acme/persistent_record.h"
#include "engine/acme/problem.h"
#include "engine/acme/replacement.h"
#include "engine/acme/request_budget.h"

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
// Orders that the CA returns in place of a new one, although another key was certified with them.
constexpr int kMaxForeignOrders = 5;
constexpr std::chrono::seconds kForeignPause{2};

// True for failures that leave the order usable.
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
    if (!request_.left_order.url.empty()) {
      auto issued = Complete(call, TakeUpOrder(call));
      if (issued && is_expired_) issued = Error{ErrorKind::kInvalid, "the certificate of the order has expired"};
      if (issued || IsPassing(issued.error().kind) || !MayForget(issued.error())) return issued;
      call.log.Warn("the order that an earlier run left is of no use; a new one is placed",
                    {{base::key::kNames, Names()}, {base::key::kError, issued.error().message}});
      if (may_be_issued_) lost_order_ = request_.left_order.url;
      ResetOrder(call);
    }
    if (auto able = Prepare(call); !able) return std::move(able).error();
    auto issued = OrderAnew(call);
    if (issued) issued->lost_order = lost_order_;
    if (!issued && !lost_order_.empty())
      issued.error().details.push_back(base::Cat("the CA has lost the order ", lost_order_, ", which was finalized"));
    return issued;
  }

  // Takes back what is of no use any more, under a deadline of its own. Returns lines for the user.
  std::vector<std::string> CleanUp(const Call& call, Result<Issued>& outcome) {
    const Call own = call.ForCleanup(kCleanupLimit);
    RemoveRecords(own);
    if (!outcome && may_be_issued_ && IsMissing(outcome.error())) {
      outcome.error().details.push_back("The order was finalized: the next run looks for it once more before it orders again.");
      if (request_.checkpoints != nullptr) request_.checkpoints->OrderMissing(own);
    }
    if (!outcome && !IsWorthKeeping(outcome.error())) {
      // Somebody who pressed Ctrl-C does not wait for a CA that hangs.
      Abandon(outcome.error().kind == ErrorKind::kCancelled ? own.Within(kAbandonLimit) : own);
    }
    return std::move(warnings_);
  }

 private:
  Result<Issued> OrderAnew(const Call& call) {
    for (int attempt = 1;; ++attempt) {
      auto order = PlaceOrder(call);
      const bool is_older = order && (order->status == OrderStatus::kProcessing || order->status == OrderStatus::kValid);
      auto issued = Complete(call, std::move(order));
      if (issued || !is_older || !is_other_key_ || attempt == kMaxForeignOrders) return issued;
      call.log.Info("the CA returned an order that another key was certified with; it is asked for a new one",
                    {{base::key::kNames, Names()}, {base::key::kAttempt, attempt}});
      ResetOrder(call);
      if (auto waited = call.Wait(kForeignPause * attempt); !waited) return std::move(waited).error();
    }
  }

  // After a failure of a left order. What may have become a certificate is kept until it is known to be of no use.
  bool MayForget(const Error& failure) {
    if (is_invalid_ || is_other_key_ || is_expired_) may_be_issued_ = false;
    return !may_be_issued_ || (IsMissing(failure) && request_.left_order.was_missing);
  }

  static bool IsMissing(const Error& failure) {
    return failure.kind == ErrorKind::kNotFound && !IsProblem(failure, "accountDoesNotExist");
  }

  Result<Issued> Complete(const Call& call, Result<Order> order) {
    if (!order) return std::move(order).error();
    auto ready = Authorize(call, *std::move(order));
    if (!ready) return std::move(ready).error();
    return SeeThrough(call, *std::move(ready));
  }

  Result<Order> TakeUpOrder(const Call& call) {
    step_began_ = call.SteadyNow();
    may_be_issued_ = request_.left_order.is_finalized;
    if (auto turn = client_.order_limiter.AwaitStart(call, account_.url); !turn) return std::move(turn).error();
    auto order = FetchOrder(call, client_, account_, request_.left_order.url);
    if (!order) return order;
    authorization_urls_ = order->authorizations;
    may_be_issued_ = order->status == OrderStatus::kProcessing || order->status == OrderStatus::kValid ||
                     (may_be_issued_ && order->status == OrderStatus::kReady);
    is_invalid_ = order->status == OrderStatus::kInvalid;
    if (!CoversNames(*order, request_.dns_names)) {
      may_be_issued_ = false;
      return Error{ErrorKind::kConflict, "the order is for other names"};
    }
    if (is_invalid_) return Error{ErrorKind::kInvalid, "the order is invalid"};
    call.log.Info("order of an earlier run resumed", {{base::key::kNames, Names()}, {base::key::kOrder, order->url}, Took(call)});
    return order;
  }

  // Back to where no order was.
  void ResetOrder(const Call& call) {
    const Call own = call.ForCleanup(kCleanupLimit);
    RemoveRecords(own);
    Abandon(own);
    authorization_urls_.clear();
    authorizations_.clear();
    records_.clear();
    answered_ = proven_ = may_be_issued_ = is_invalid_ = is_other_key_ = is_expired_ = false;
  }

  Result<void> Prepare(const Call& call) {
    if (auto read = ReadDirectory(call); !read) return read;
    std::vector<ChallengeRecord> records;
    for (const std::string& name : request_.dns_names)
      records.push_back(is_persistent() ? PersistentRecordFor(persistent_issuer_, name) : RecordWithoutValue(name, account_));
    return solver_.Prepare(call, records);
  }

  bool is_persistent() const { return account_.validation == ValidationMethod::kDnsPersist01; }

  // For what persistent records have to say.
  Result<void> ReadDirectory(const Call& call) {
    if (!is_persistent()) return {};
    const auto directory = FetchDirectory(call, client_, Patience::kOrder);
    if (!directory) return directory.error();
    persistent_issuer_ = MakePersistentIssuer(*directory, account_.url, account_.key);
    return {};
  }

  Result<ChallengeRecord> RecordOf(const Authorization& authorization, const Challenge& challenge) const {
    if (is_persistent()) return PersistentRecordFor(persistent_issuer_, authorization.Name(), challenge);
    return RecordFor(authorization.identifier, challenge, account_);
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
    if (auto read = ReadDirectory(call); !read) return std::move(read).error();
    auto pending = PendingChallenges();
    if (!pending) return std::move(pending).error();
    if (auto placed = PlaceRecords(call); !placed) return std::move(placed).error();
    if (auto answered = AnswerAll(call, *pending); !answered) return std::move(answered).error();
    auto ready = WaitFor(call, client_, account_, std::move(order), Phase::kValidation);
    if (!ready) return std::move(ready).error().While("waiting for the validation");
    if (ready->status == OrderStatus::kInvalid)
      return OrderError(call, client_, account_, *ready).While("waiting for the validation");
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
    if (may_be_issued_) return !is_invalid_ && !is_other_key_;
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
      // Without regard to "*.": some CAs leave the wildcard flag out (acme2certifier#76).
      const bool is_ordered = std::any_of(request_.dns_names.begin(), request_.dns_names.end(), [&](const std::string& name) {
        return ChallengeName(name) == ChallengeName(one.identifier);
      });
      if (!is_ordered) {
        return Error{ErrorKind::kProtocol, base::Cat("the CA wants a proof for ", one.Name(), ", which was not ordered")};
      }
      const Challenge* challenge = one.Find(account_.validation);
      if (challenge == nullptr) {
        return Error{ErrorKind::kInvalid,
                     base::Cat("the CA offers no DNS challenge (", NameOf(account_.validation), ") for ", one.Name())};
      }
      auto record = RecordOf(one, *challenge);
      if (!record) return std::move(record).error();
      const bool known = std::any_of(records_.begin(), records_.end(), [&](const ChallengeRecord& other) {
        return other.fqdn == record->fqdn && other.value == record->value;  // some CAs give apex and wildcard one token
      });
      if (!known) records_.push_back(*std::move(record));
      // One that is processing in an order that exists already waits to be answered anew (certbot#8301).
      if (challenge->status == ChallengeStatus::kPending || challenge->status == ChallengeStatus::kProcessing)
        pending.push_back(&one);
    }
    return pending;
  }

  Result<void> PlaceRecords(const Call& call) {
    if (records_.empty()) return {};
    step_began_ = call.SteadyNow();
    // With the names that the CA tells now; what was seen before the order is not looked for again.
    if (is_persistent()) return solver_.Prepare(call, records_);
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
      if (request_.checkpoints != nullptr) request_.checkpoints->FinalizeBegun(call);
      auto finalized = Finalize(call, order);
      if (!finalized) return std::move(finalized).error();
      order = *std::move(finalized);
    }
    may_be_issued_ = true;
    auto valid = WaitFor(call, client_, account_, std::move(order), Phase::kIssuance);
    if (!valid) return std::move(valid).error().While("waiting for the certificate");
    is_invalid_ = valid->status == OrderStatus::kInvalid;
    if (is_invalid_) return OrderError(call, client_, account_, *valid).While("waiting for the certificate");
    auto download = DownloadChain(call, client_, account_, valid->certificate, request_.preferred_chain);
    if (!download) return std::move(download).error();
    const std::string key = request_.csr ? request_.csr->public_key_der : request_.key->PublicKeyDer();
    const auto& leaf = download->chain.front();
    is_other_key_ = leaf.public_key_der != key;
    is_expired_ = leaf.not_after <= call.Now();
    if (auto fine = CheckLeaf(leaf, key, request_.dns_names); !fine) return std::move(fine).error();
    Say(call, "certificate issued");
    return Issued{.chain = std::move(download->chain),
                  .certificate_url = valid->certificate,
                  .other_chains = std::move(download->offered),
                  .unknown_root = std::move(download->unknown_root)};
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
  PersistentIssuer persistent_issuer_;         // with dns-persist-01
  std::vector<ChallengeRecord> records_;       // each value once
  std::vector<std::string> warnings_;          // records that are left, each a line
  bool placed_ = false;                        // some records may be in place
  bool answered_ = false;                      // every challenge
  bool proven_ = false;                        // the order got to ready
  bool may_be_issued_ = false;                 // the order was finalized
  bool is_invalid_ = false;                    // the order
  bool is_other_key_ = false;                  // the order's certificate is for another key
  bool is_expired_ = false;                    // the order's certificate
  std::string lost_order_;                     // URL of a finalized order that was given up
  SteadyTime step_began_{};
};

// What a CA that returns existing orders tells them apart by.
std::string OrderKey(const Account& account, const IssueRequest& request) {
  std::vector<std::string> names = request.dns_names;
  std::sort(names.begin(), names.end());
  return base::Cat(account.url, '\n', request.profile.value_or(""), '\n', base::Join(names, "\n"));
}

}  // namespace

base::Result<Issued> Issue(const Call& call, Client& client, const Account& account, const IssueRequest& request,
                           Solver& solver) {
  const auto only = client.orders.Acquire(call, OrderKey(account, request));
  if (!only) return base::Error(only.error()).While("waiting for another order for the same names");
  const auto turn = client.order_limiter.Take(call, account.url);
  if (!turn) return base::Error(turn.error()).While("waiting for a turn to order");
  RequestBudget budget(request.dns_names.size());
  Account counted = account;
  counted.budget = &budget;
  Issuance issuance(client, counted, request, solver);
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
  const auto order = FetchOrder(call, client, account, url, Patience::kBrief);
  if (!order) return order.error();
  if (order->status != OrderStatus::kProcessing && order->status != OrderStatus::kValid) {
    DeactivatePending(call, client, account, order->authorizations);
  }
  return order->status;
}

}  // namespace engine::acme
