// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/transport.h"

#include <algorithm>
#include <array>

#include "base/http/proxy_code.h"
#include "base/poller.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/ca_url.h"
#include "engine/acme/problem.h"
#include "engine/acme/request_budget.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;
using base::http::Attempt;
using base::http::Response;
using std::chrono::milliseconds;

// A CA that rejects every second nonce (Pebble can) gets one past in a million.
constexpr int kMostNonceAttempts = 20;
constexpr std::array kLagPauses{milliseconds(250), milliseconds(500), milliseconds(1000), milliseconds(2000), milliseconds(4000)};
constexpr std::chrono::seconds kLagLimit{20};
// A longer Retry-After may be about the names of one order (Let's Encrypt's limits per domain and per set of names).
constexpr std::chrono::seconds kLongestHold{60};

constexpr std::size_t kLongestUrl = 200;  // in a message

Error NamingUrl(Error error, std::string_view what, const std::string& url) {
  error.details.push_back(base::Cat(what, ": ", base::Printable(base::WithoutQuery(url), kLongestUrl)));
  return error;
}

// The CA's servers answer every signed request themselves: a redirect comes from something before them.
Error NamingLocation(Error error, const Response& response) {
  const auto location = response.Find("location");
  if (!location || response.status / 100 != 3) return error;
  return NamingUrl(std::move(error), "the server redirects to", std::string(*location));
}

base::Result<std::string> FetchNonce(const Call& call, Client& client, Patience patience) {
  auto directory = FetchDirectory(call, client, patience);
  if (!directory) return std::move(directory).error();
  const base::http::Request request{.method = "HEAD", .url = directory->new_nonce, .headers = CommonHeaders()};
  auto response = base::http::Fetch(call, *client.options.transport, request, RetryPolicyOf(client.options, patience));
  if (!response) return std::move(response).error().While("fetching a nonce");
  if (response->status == 404) client.directory.Forget();
  if (response->status / 100 != 2)
    return NamingUrl(ReplyError(*response, call.Now()), "newNonce", directory->new_nonce).While("fetching a nonce");
  const auto nonce = response->Find("replay-nonce");
  if (!nonce) return Error{ErrorKind::kProtocol, "the CA's newNonce gave no nonce"};
  return std::string(*nonce);
}

base::Result<std::string> NextNonce(const Call& call, Client& client, Patience patience) {
  if (auto pooled = client.nonces.Take(call.SteadyNow())) return *std::move(pooled);
  return FetchNonce(call, client, patience);
}

base::Result<Response> SendOnce(const Call& call, Client& client, const Signer& signer, const Post& post,
                                const std::string& nonce) {
  if (signer.budget != nullptr) {
    if (auto fine = signer.budget->Spend(); !fine) return std::move(fine).error();
  }
  auto body = SignBody(signer, nonce, post.url, post.payload);
  if (!body) return std::move(body).error();
  base::http::Request request{"POST", post.url, CommonHeaders(), *std::move(body), post.idempotency};
  request.headers.push_back({"Content-Type", "application/jose+json"});
  if (!post.accept.empty()) request.headers.push_back({"Accept", post.accept});
  return base::http::FetchOnce(call, *client.options.transport, request);
}

// A rate limit of the CA (in contrast to a busy proxy's) does not end within a run unless the CA says when.
bool IsFinal(const Response& response, const Error& error) {
  return IsProblem(error, "rateLimited") && !response.Find("retry-after");
}

// What the CA asks of one request it asks of the account: all others wait as well.
void HoldBack(const Call& call, Client& client, const Signer& signer, const Post& post, const Response& response) {
  if (response.status != 429 && response.status != 503) return;
  client.order_limiter.SlowDown(signer.kid, call.SteadyNow());
  const auto when = base::http::RetryAfter(response, call.Now());
  if (!when || *when - call.Now() > kLongestHold) return;
  client.order_limiter.Hold(signer.kid, post.starts_order ? OrderLimiter::Held::kNewOrders : OrderLimiter::Held::kAll,
                            call.SteadyNow() + (*when - call.Now()));
}

base::Result<void> TakeTurn(const Call& call, Client& client, const Signer& signer, const Post& post) {
  if (auto free = client.order_limiter.AwaitHold(call, signer.kid); !free || !post.starts_order) return free;
  return client.order_limiter.AwaitStart(call, signer.kid);
}

// One attempt. After a rejected nonce, the one that came with the rejection is used at once.
Attempt SendWithNonce(const Call& call, Client& client, const Signer& signer, const Post& post) {
  if (auto turn = TakeTurn(call, client, signer, post); !turn) return {.outcome = std::move(turn).error(), .is_final = true};
  std::optional<std::string> given;
  for (int rejected = 0;;) {
    const auto nonce = given ? base::Result<std::string>(*given) : NextNonce(call, client, post.patience);
    if (!nonce) return {.outcome = nonce.error(), .is_final = true};  // its own requests were repeated
    auto outcome = SendOnce(call, client, signer, post, *nonce);
    if (!outcome) return {.outcome = std::move(outcome)};
    const auto fresh = outcome->Find("replay-nonce");
    const auto refusal = outcome->status / 100 == 2 ? std::nullopt : std::optional(ReplyError(*outcome, call.Now()));
    if (refusal && IsProblem(*refusal, "badNonce") && ++rejected < kMostNonceAttempts) {
      call.log.Debug("nonce was rejected", {{base::key::kAttempt, rejected}});
      given = fresh ? std::optional<std::string>(*fresh) : std::nullopt;
      continue;
    }
    if (fresh) client.nonces.Put(*fresh, call.SteadyNow());
    HoldBack(call, client, signer, post, *outcome);
    if (refusal) call.log.Info("the CA refused a request", {{base::key::kError, refusal->message}});
    const bool is_final = refusal && IsFinal(*outcome, *refusal);
    return {.outcome = std::move(outcome), .is_final = is_final};
  }
}

base::Result<Response> SendUntilAnswered(const Call& call, Client& client, const Signer& signer, const Post& post) {
  const base::http::Request request{.method = "POST", .url = post.url, .idempotency = post.idempotency};
  auto response = base::http::FetchWith(call, request, RetryPolicyOf(client.options, post.patience),
                                        [&] { return SendWithNonce(call, client, signer, post); });
  if (response && response->status / 100 != 2) return NamingLocation(ReplyError(*response, call.Now()), *response);
  return response;
}

// True for a 404 that a replica gives for what it has not heard of yet. An account that does not exist is another matter.
bool IsLag(const Error& error) { return error.kind == ErrorKind::kNotFound && !IsProblem(error, "accountDoesNotExist"); }

}  // namespace

base::Result<Response> SendSigned(const Call& call, Client& client, const Signer& signer, const Post& post) {
  auto response = SendUntilAnswered(call, client, signer, post);
  if (post.patience != Patience::kHandedOut || response || !IsLag(response.error())) return response;
  base::Poller poller(call, "waiting for the CA to find what it handed out", kLagPauses);
  while (!response && IsLag(response.error()) && poller.TimeSpent() < kLagLimit) {
    if (auto waited = poller.Pause(); !waited) return waited.error().kind == ErrorKind::kCancelled ? waited.error() : response;
    response = SendUntilAnswered(call, client, signer, post);
  }
  return response;
}

base::Result<Response> SendToDirectory(const Call& call, Client& client, const Signer& signer, std::string Directory::*resource,
                                       const std::string& payload, base::http::Idempotency idempotency, Patience patience) {
  auto directory = FetchDirectory(call, client, patience);
  if (!directory) return std::move(directory).error();
  Post post{.url = (*directory).*resource, .payload = payload, .idempotency = idempotency, .patience = patience};
  post.starts_order = resource == &Directory::new_order;
  auto response = SendSigned(call, client, signer, post);
  const bool is_gone = !response && response.error().kind == ErrorKind::kNotFound && response.error().while_doing.empty();
  if (!is_gone) return response;
  if (!response.error().code.empty()) return NamingUrl(std::move(response).error(), "the directory's URL", post.url);
  client.directory.Forget();
  directory = FetchDirectory(call, client);
  const bool has_moved = directory && (*directory).*resource != post.url;
  if (!has_moved) return NamingUrl(std::move(response).error(), "the directory's URL", post.url);
  post.url = (*directory).*resource;
  return SendSigned(call, client, signer, post);
}

base::Result<Response> Get(const Call& call, Client& client, const Signer& signer, const std::string& url, Patience patience) {
  return SendSigned(call, client, signer, {.url = url, .patience = patience});
}

std::optional<milliseconds> PauseAfterFailure(const Call& call, const Client& client, const Error& failure, int attempt) {
  const bool is_limit = failure.kind == ErrorKind::kRateLimited;
  if ((is_limit && !failure.retry_after) || failure.code == base::http::kProxyCode) return std::nullopt;
  const base::http::RetryPolicy policy = RetryPolicyOf(client.options, Patience::kOrder);
  milliseconds pause = std::min(policy.first_pause * std::min(attempt, 100), policy.longest_pause);
  if (failure.retry_after) pause = std::max(pause, std::chrono::ceil<milliseconds>(*failure.retry_after - call.Now()));
  if (pause >= call.TimeLeft()) return std::nullopt;
  return pause;
}

base::Result<std::string> LocationOf(const Response& response, std::string_view request_url) {
  const auto location = response.Find("location");
  if (!location) return Error{ErrorKind::kProtocol, "the CA's answer has no Location header"};
  return ResolveCaUrl(request_url, *location);
}

}  // namespace engine::acme
