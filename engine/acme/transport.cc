// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/transport.h"

#include "base/text.h"
#include "base/url.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/problem.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;
using base::http::Attempt;
using base::http::Response;

// A CA that rejects every second nonce (Pebble can) gets one past in a million.
constexpr int kMostNonceAttempts = 20;

base::Result<std::string> FetchNonce(const Call& call, Client& client) {
  auto directory = FetchDirectory(call, client);
  if (!directory) return std::move(directory).error();
  const base::http::Request request{.method = "HEAD", .url = directory->new_nonce, .headers = CommonHeaders()};
  auto response = base::http::Fetch(call, *client.options.transport, request, RetryPolicyOf(client.options));
  if (!response) return std::move(response).error().While("fetching a nonce");
  if (response->status == 404) client.directory.Forget();
  if (response->status / 100 != 2) return ReplyError(*response, call.Now()).While("fetching a nonce");
  const auto nonce = response->Find("replay-nonce");
  if (!nonce) return Error{ErrorKind::kProtocol, "the CA's newNonce gave no nonce"};
  return std::string(*nonce);
}

base::Result<std::string> NextNonce(const Call& call, Client& client) {
  if (auto pooled = client.nonces.Take(call.SteadyNow())) return *std::move(pooled);
  return FetchNonce(call, client);
}

base::Result<Response> SendOnce(const Call& call, Client& client, const Signer& signer, const Post& post,
                                const std::string& nonce) {
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

// One attempt. After a rejected nonce, the one that came with the rejection is used at once.
Attempt SendWithNonce(const Call& call, Client& client, const Signer& signer, const Post& post) {
  std::optional<std::string> given;
  for (int rejected = 0;;) {
    const auto nonce = given ? base::Result<std::string>(*given) : NextNonce(call, client);
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
    if (outcome->status == 429 || outcome->status == 503) client.order_limiter.SlowDown(signer.kid, call.SteadyNow());
    if (refusal) call.log.Info("the CA refused a request", {{base::key::kError, refusal->message}});
    const bool is_final = refusal && IsFinal(*outcome, *refusal);
    return {.outcome = std::move(outcome), .is_final = is_final};
  }
}

}  // namespace

base::Result<Response> SendSigned(const Call& call, Client& client, const Signer& signer, const Post& post) {
  const base::http::Request request{.method = "POST", .url = post.url, .idempotency = post.idempotency};
  auto response = base::http::FetchWith(call, request, RetryPolicyOf(client.options),
                                        [&] { return SendWithNonce(call, client, signer, post); });
  if (response && response->status / 100 != 2) return ReplyError(*response, call.Now());
  return response;
}

base::Result<Response> SendToDirectory(const Call& call, Client& client, const Signer& signer, std::string Directory::*resource,
                                       const std::string& payload, base::http::Idempotency idempotency) {
  auto directory = FetchDirectory(call, client);
  if (!directory) return std::move(directory).error();
  const std::string url = (*directory).*resource;
  auto response = SendSigned(call, client, signer, {.url = url, .payload = payload, .idempotency = idempotency});
  if (response || response.error().kind != ErrorKind::kNotFound || !response.error().code.empty()) return response;
  client.directory.Forget();
  directory = FetchDirectory(call, client);
  if (!directory || (*directory).*resource == url) return response;
  return SendSigned(call, client, signer, {.url = (*directory).*resource, .payload = payload, .idempotency = idempotency});
}

base::Result<Response> Get(const Call& call, Client& client, const Signer& signer, const std::string& url) {
  return SendSigned(call, client, signer, {.url = url});
}

base::Result<std::string> LocationOf(const Response& response, std::string_view request_url) {
  const auto location = response.Find("location");
  if (!location) return Error{ErrorKind::kProtocol, "the CA's answer has no Location header"};
  return base::ResolveUrl(request_url, *location);
}

}  // namespace engine::acme
