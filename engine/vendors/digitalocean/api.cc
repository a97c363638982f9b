// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/digitalocean/api.h"

#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/http/paced_transport.h"
#include "base/text.h"

namespace engine::vendors::digitalocean {
namespace {

using base::Call;
using base::Cat;
using base::DumpJson;
using base::FindString;
using base::Json;
using base::ParseJsonObject;
using base::Result;
using base::TimePoint;
using base::http::MakeApiError;
using base::http::PacedTransport;

std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, TimePoint now) {
  return base::http::FindPauseUntilReset(response, now, "ratelimit-remaining", "ratelimit-reset");
}

}  // namespace

Result<Json> DigitaloceanApi::Send(const Call& call, std::string_view method, std::string_view path, const Json& body) const {
  base::http::Request request{.method = std::string(method),
                              .url = Cat(url_, path),
                              .headers = {{"Accept", "application/json"}, {"Authorization", Cat("Bearer ", token_.Reveal())}},
                              .idempotency = method == "POST" ? base::http::Idempotency::kOnce : base::http::Idempotency::kSafe};
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = DumpJson(body);
  }
  PacedTransport paced(*transport_, *limiter_, FindPause);
  const auto response = base::http::Fetch(call, paced, request);
  if (!response) return response.error();
  const bool is_good = response->status >= 200 && response->status < 300;
  if (is_good && response->body.empty()) return Json();
  auto answer = ParseJsonObject(response->body);
  if (is_good && !answer) return std::move(answer).error().While("reading DigitalOcean's answer");
  if (is_good) return answer;
  const Json said = answer ? *answer : Json();
  return MakeApiError("DigitalOcean", *response,
                      {.code = FindString(said, "id").value_or(""), .message = FindString(said, "message").value_or("")},
                      call.Now());
}

}  // namespace engine::vendors::digitalocean
