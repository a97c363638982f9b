// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/api.h"

#include "base/http/client.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/azure/error.h"

namespace engine::vendors::azure {
namespace {

using base::Call;
using base::Cat;
using base::DumpJson;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::Json;
using base::ParseJsonObject;
using base::ParseUrl;
using base::Result;
using base::TimePoint;
using base::http::PacedTransport;

// Most answers say how long.
constexpr std::chrono::seconds kPause{10};
constexpr int kMostPages = 1000;

std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, TimePoint) {
  return response.status == 429 ? std::optional(kPause) : std::nullopt;
}

}  // namespace

Result<void> AzureApi::Authenticate(const Call& call) const {
  auto token = tokens_->Get(call, *transport_, resource_);
  if (!token) return std::move(token).error();
  return {};
}

Result<Json> AzureApi::Send(const Call& call, std::string_view method, std::string_view path, const Json& body,
                            const std::optional<base::http::Header>& condition, base::http::Idempotency idempotency) const {
  base::http::Request request{.method = std::string(method),
                              .url = Cat(url_, path),
                              .headers = {{"Accept", "application/json"}},
                              .body = {},
                              .idempotency = idempotency};
  if (condition) request.headers.push_back(*condition);
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = DumpJson(body);
  }
  auto response = SendAs(call, request);
  if (response && response->status == 401) response = SendAs(call, request);
  if (!response) return response.error();
  if (response->status < 200 || response->status >= 300) return MakeAzureError("Azure", *response, call.Now());
  if (response->body.empty()) return Json::object();
  auto answer = ParseJsonObject(response->body);
  if (!answer) return std::move(answer).error().While("reading Azure's answer");
  return answer;
}

// A token that is refused is forgotten.
Result<base::http::Response> AzureApi::SendAs(const Call& call, base::http::Request request) const {
  const auto token = tokens_->Get(call, *transport_, resource_);
  if (!token) return token.error();
  request.headers.push_back({"Authorization", Cat("Bearer ", token->Reveal())});
  PacedTransport paced(*transport_, *limiter_, FindPause);
  auto response = base::http::Fetch(call, paced, request);
  if (response && response->status == 401) tokens_->Forget(resource_, *token);
  return response;
}

Result<std::vector<Json>> AzureApi::List(const Call& call, std::string_view path) const {
  std::vector<Json> all;
  std::string next(path);
  for (int page = 0; page < kMostPages; ++page) {
    auto answer = Send(call, "GET", next);
    if (!answer) return std::move(answer).error();
    const Json* values = FindMember(*answer, "value");
    if (values != nullptr && values->is_array()) all.insert(all.end(), values->begin(), values->end());
    const std::string link = FindString(*answer, "nextLink").value_or("");
    if (link.empty()) return all;
    // The token goes to the host that it was made for, whatever the link says.
    const auto url = ParseUrl(link);
    if (!url) return Error{ErrorKind::kProtocol, "Azure's link to the next page is no URL"};
    next = url->query.empty() ? url->path : Cat(url->path, "?", url->query);
  }
  return Error{ErrorKind::kProtocol, "Azure's list does not end"};
}

}  // namespace engine::vendors::azure
