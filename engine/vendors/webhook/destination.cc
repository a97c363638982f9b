// SPDX-License-Identifier: MPL-2.0
// webhook: certificates are put where they are used by a server of the user's own, which gets each request of
// engine/sync/user_store_protocol.h as a signed POST. Redirects are not followed: the body may contain a private key.
#include <array>
#include <chrono>
#include <map>
#include <utility>

#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/sync/user_store.h"
#include "engine/vendors/webhook/connection.h"
#include "engine/vendors/webhook/signature.h"
#include "engine/vendors/webhook/vendor.h"

namespace engine::vendors::webhook {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::http::Request;
using base::http::Response;
using sync::DestinationSpec;
using sync::Setup;
using sync::UserStoreRequest;

constexpr std::string_view kPath = "/certificate";
constexpr std::string_view kNotFound = "not_found";

class WebhookChannel final : public sync::UserStoreChannel {
 public:
  WebhookChannel(Webhook webhook, base::Secret key, std::chrono::milliseconds limit)
      : webhook_(std::move(webhook)), key_(std::move(key)), limit_(limit) {}

  // The contract has requests that may be repeated, so that one whose answer was lost is sent again.
  Result<std::string> Send(const Call& call, const UserStoreRequest& request) override {
    Request post = webhook_.MakeRequest("POST", kPath);
    post.body = request.body.Reveal();
    const auto headers = post.headers;
    const auto response = base::http::FetchWith(call, post, {}, [&]() -> base::http::Attempt {
      post.headers = headers;
      post.headers.push_back({kSignatureHeader, Sign(key_, call.Now(), post.body)});
      return {.outcome = webhook_.SendOnce(call.Within(limit_), post)};
    });
    base::Wipe(post.body);
    const auto doing = [&] { return Cat("asking the webhook to ", NameOf(request.operation), " ", request.subject); };
    if (!response) return sync::ExplainCallLimit(call, limit_, Error(response.error()).While(doing()));
    if (response->status >= 200 && response->status < 300) return response->body;
    return Complain(call, *response, request).While(doing());
  }

 private:
  // {"error": "not_found", "message": "…"}. Without that word, a 404 may be any server's answer to a wrong URL, and what a wrong
  // URL does not have must not count as removed.
  static Error Complain(const Call& call, const Response& response, const UserStoreRequest& request) {
    const auto body = base::ParseJsonObject(response.body, {.bytes = sync::kMaxUserStoreAnswer});
    base::http::Complaint complaint;
    if (body) {
      complaint.code = base::FindString(*body, "error").value_or("");
      // Whatever it repeats of the request: not the key.
      auto lines =
          connections::LastWords(base::FindString(*body, "message").value_or(""), {.variables = {{"", request.private_key}}});
      complaint.message = base::Join(lines, " ");
    }
    Error error = base::http::MakeApiError("the webhook", response, complaint, call.Now());
    if (error.kind == ErrorKind::kNotFound && complaint.code != kNotFound) {
      error.kind = ErrorKind::kInvalid;
      error.message.append(Cat("; is the URL right? What does not exist is answered with `{\"error\": \"", kNotFound, "\"}`"));
      error.blame = connections::ConnectionField("endpoint_url");
    }
    return connections::BlameCredentials(std::move(error), "signing_secret");
  }

  const Webhook webhook_;
  const base::Secret key_;
  const std::chrono::milliseconds limit_;
};

Result<std::unique_ptr<sync::Destination>> MakeWebhookDestination(const Setup& setup) {
  auto webhook = MakeWebhook(*setup.connection, setup.deps);
  if (!webhook) return std::move(webhook).error();
  auto key = connections::GetHeaderSecret(*setup.connection, "signing_secret");
  if (!key) return std::move(key).error();
  auto channel = std::make_unique<WebhookChannel>(*std::move(webhook), base::Secret(*std::move(key)),
                                                  sync::UserStoreCallLimit(setup.settings));
  return sync::MakeUserStoreDestination(std::move(channel), setup);
}

}  // namespace

constexpr DestinationSpec kDestination{sync::UserStoreSpec(
    "webhook", "Server of your own (webhook)",
    "Sends a signed request to a server that you run, for each certificate: it reports what is deployed, deploys a certificate, or "
    "removes one. For appliances that Certwright does not support. The connection requires a `signing_secret`.",
    MakeWebhookDestination)};

}  // namespace engine::vendors::webhook
