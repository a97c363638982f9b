// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ovh/api.h"

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/http/paced_transport.h"
#include "base/text.h"

namespace engine::vendors::ovh {
namespace {

using base::Cat;
using base::Json;
using base::Result;

// Signs each attempt anew: after a pause the old time would be refused.
class SigningTransport final : public base::http::Transport {
 public:
  SigningTransport(base::http::Transport& inner, const OvhKey& key) : inner_(&inner), key_(&key) {}

  Result<base::http::Response> Send(const base::Call& call, const base::http::Request& request) override {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(call.Now().time_since_epoch());
    const std::string time = Cat(seconds.count());
    const base::Secret text(Cat(key_->application_secret.Reveal(), "+", key_->consumer_key.Reveal(), "+", request.method, "+",
                                request.url, "+", request.body, "+", time));
    base::http::Request copy = request;
    copy.headers.push_back({"X-Ovh-Application", key_->application_key});
    copy.headers.push_back({"X-Ovh-Consumer", std::string(key_->consumer_key.Reveal())});
    copy.headers.push_back({"X-Ovh-Timestamp", time});
    copy.headers.push_back(
        {"X-Ovh-Signature", Cat("$1$", base::Hex(base::crypto::Digest(base::crypto::Hash::kSha1, text.Reveal())))});
    return inner_->Send(call, copy);
  }

 private:
  base::http::Transport* inner_;
  const OvhKey* key_;
};

// These come with the status 400.
bool IsAboutCredentials(std::string_view code) {
  return code == "INVALID_SIGNATURE" || code == "INVALID_KEY" || code == "INVALID_CREDENTIAL" || code == "QUERY_TIME_OUT";
}

}  // namespace

Result<Json> OvhApi::Send(const base::Call& call, std::string_view method, std::string_view path, const Json& body) const {
  base::http::Request request{.method = std::string(method),
                              .url = Cat(url_, path),
                              .headers = {{"Accept", "application/json"}},
                              .idempotency = method == "POST" ? base::http::Idempotency::kOnce : base::http::Idempotency::kSafe};
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = base::DumpJson(body);
  }
  SigningTransport signing(*transport_, *key_);
  base::http::PacedTransport paced(signing, *limiter_, nullptr);
  const auto response = base::http::Fetch(call, paced, request);
  if (!response) return response.error();
  const bool is_success = response->status >= 200 && response->status < 300;
  if (is_success && response->body.empty()) return Json();
  auto answer = base::ParseJson(response->body);
  if (is_success && !answer) return std::move(answer).error().While("reading the response of OVHcloud");
  if (is_success) return answer;
  const Json said = answer ? *answer : Json();
  auto error = base::http::MakeApiError(
      "OVHcloud", *response,
      {.code = base::FindString(said, "errorCode").value_or(""), .message = base::FindString(said, "message").value_or("")},
      call.Now());
  if (IsAboutCredentials(error.code)) error.kind = base::ErrorKind::kDenied;
  if (error.code == "QUERY_TIME_OUT") error.message.append("; set the clock of this machine");
  return error;
}

}  // namespace engine::vendors::ovh
