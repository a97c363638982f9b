// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/pending_authorizations.h"

#include <algorithm>
#include <array>

#include "base/parallel.h"
#include "base/text.h"
#include "engine/acme/transport.h"

namespace engine::acme {
namespace {

using base::Call;
using std::chrono::seconds;

constexpr std::size_t kMaxConcurrency = 16;
// Before the second answer, the third, and so on.
constexpr std::array kPausesBetweenAnswers{seconds(5), seconds(10), seconds(20), seconds(40), seconds(60)};

void Answer(const Call& call, Client& client, const Account& account, const Authorization& authorization) {
  const Challenge& challenge = *authorization.Find(account.validation);
  call.log.Info("the CA could not validate yet; the challenge is answered again",
                {{base::key::kName, authorization.Name()}, {base::key::kError, challenge.problem->message}});
  const auto response = SendSigned(call, client, SignerOf(account),
                                   {.url = challenge.url, .payload = "{}", .idempotency = base::http::Idempotency::kOnce});
  if (response) return;
  call.log.Debug("a repeated answer was refused",
                 {{base::key::kName, authorization.Name()}, {base::key::kError, response.error().message}});
}

}  // namespace

base::Result<void> PendingAuthorizations::Look(const Call& call, Client& client, const Account& account, const Order& order) {
  const auto authorizations = FetchAuthorizations(call, client, account, order.authorizations);
  if (!authorizations) return authorizations.error();
  std::vector<const Authorization*> due;
  std::vector<std::string> complaints;
  for (const Authorization& one : *authorizations) {
    if (one.status == AuthorizationStatus::kValid) continue;
    if (one.status != AuthorizationStatus::kPending) return ValidationError(*authorizations);
    const Challenge* challenge = one.Find(account.validation);
    if (challenge == nullptr || !challenge->problem) continue;
    complaints.push_back(base::Cat(one.Name(), ": ", challenge->problem->message));
    if (IsDue(call, one, *challenge)) due.push_back(&one);
  }
  complaints_ = std::move(complaints);
  base::ForEachInParallel(due.size(), kMaxConcurrency, [&](std::size_t i) { Answer(call, client, account, *due[i]); });
  return call.Check();
}

bool PendingAuthorizations::IsDue(const Call& call, const Authorization& authorization, const Challenge& challenge) {
  if (challenge.status != ChallengeStatus::kPending) return false;
  const base::SteadyTime now = call.SteadyNow();
  const auto [found, is_first] = answers_.try_emplace(authorization.url, Answers{.next = now + kPausesBetweenAnswers.front()});
  Answers& answers = found->second;
  const auto given = static_cast<std::size_t>(answers.count);
  if (is_first || given > kPausesBetweenAnswers.size() || now < answers.next) return false;
  ++answers.count;
  answers.next = now + kPausesBetweenAnswers[std::min(given, kPausesBetweenAnswers.size() - 1)];
  return true;
}

}  // namespace engine::acme
