// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/api.h"

#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/text.h"

namespace engine::vendors::google {
namespace {

using base::Call;
using base::Cat;
using base::DumpJson;
using base::FindMember;
using base::FindString;
using base::Json;
using base::ParseJsonObject;
using base::Result;
using base::TimePoint;
using base::http::Complaint;
using base::http::MakeApiError;
using base::http::PacedTransport;

constexpr std::chrono::seconds kPause{20};

struct Refusal {
  Complaint complaint;
  std::string reason;
};

Refusal ReadRefusal(const base::http::Response& response) {
  Refusal refusal;
  const auto answer = ParseJsonObject(response.body);
  const Json* error = answer ? FindMember(*answer, "error") : nullptr;
  if (error == nullptr) return refusal;
  refusal.complaint.message = FindString(*error, "message").value_or("");
  const Json* errors = FindMember(*error, "errors");
  if (errors != nullptr && errors->is_array() && !errors->empty()) {
    refusal.reason = FindString(errors->front(), "reason").value_or("");
  }
  refusal.complaint.code = refusal.reason.empty() ? FindString(*error, "status").value_or("") : refusal.reason;
  return refusal;
}

// Too fast is 403 at the older APIs.
std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, TimePoint) {
  if (response.status != 403 && response.status != 429) return std::nullopt;
  const std::string reason = ReadRefusal(response).reason;
  const bool is_too_fast = response.status == 429 || reason == "rateLimitExceeded" || reason == "userRateLimitExceeded";
  return is_too_fast ? std::optional(kPause) : std::nullopt;
}

}  // namespace

// A token that is refused is forgotten.
Result<base::http::Response> GoogleApi::SendAs(const Call& call, base::http::Request request) const {
  const auto token = credentials_->GetToken(call, *transport_);
  if (!token) return token.error();
  request.headers.push_back({"Authorization", Cat("Bearer ", token->Reveal())});
  // https://cloud.google.com/docs/quotas/set-quota-project
  if (!quota_project_.empty()) request.headers.push_back({"X-Goog-User-Project", quota_project_});
  PacedTransport paced(*transport_, *limiter_, FindPause);
  auto response = base::http::Fetch(call, paced, request);
  if (response && response->status == 401) credentials_->Forget(*token);
  return response;
}

Result<Json> GoogleApi::Send(const Call& call, std::string_view method, std::string_view path, const Json& body) const {
  base::http::Request request{.method = std::string(method),
                              .url = Cat(url_, path),
                              .headers = {{"Accept", "application/json"}},
                              .idempotency = method == "POST" ? base::http::Idempotency::kOnce : base::http::Idempotency::kSafe};
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = DumpJson(body);
  }
  auto response = SendAs(call, request);
  if (response && response->status == 401) response = SendAs(call, request);
  if (!response) return response.error();
  if (response->status < 200 || response->status >= 300) {
    return MakeApiError("Google Cloud", *response, ReadRefusal(*response).complaint, call.Now());
  }
  auto answer = ParseJsonObject(response->body);
  if (!answer) return std::move(answer).error().While("reading Google Cloud's answer");
  return answer;
}

}  // namespace engine::vendors::google
