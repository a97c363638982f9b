// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/rest_api.h"

#include <charconv>

#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/connections/token_connection.h"

namespace engine::connections {

using base::Cat;
using base::Json;
using base::Result;

namespace {

// JSON's null counts as absent.
const Json* Child(const Json& value, std::string_view step) {
  if (!value.is_array()) return base::FindMember(value, step);
  std::size_t position = 0;
  const auto parsed = std::from_chars(step.data(), step.data() + step.size(), position);
  return parsed.ec == std::errc() && position < value.size() ? &value[position] : nullptr;
}

}  // namespace

const Json* FindAt(const Json& value, std::string_view path) {
  const Json* found = &value;
  while (found != nullptr && !path.empty()) {
    const std::size_t slash = path.find('/');
    found = Child(*found, path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return found;
}

std::string TextAt(const Json& value, std::string_view path) {
  const Json* found = FindAt(value, path);
  if (found == nullptr) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number_integer() ? Cat(found->get<std::int64_t>()) : "";
}

Result<Json> RestApi::Send(const base::Call& call, std::string_view method, std::string_view path, const Json& body,
                           const std::vector<base::http::Header>& headers) const {
  using base::http::Idempotency;
  return Send(call, method, path, body, headers, method == "POST" ? Idempotency::kOnce : Idempotency::kSafe);
}

Result<Json> RestApi::Send(const base::Call& call, std::string_view method, std::string_view path, const Json& body,
                           const std::vector<base::http::Header>& headers, base::http::Idempotency idempotency) const {
  base::http::Request request{.method = std::string(method),
                              .url = Cat(url_, path),
                              .headers = {{"Accept", "application/json"},
                                          {std::string(vendor_->token_header), Cat(vendor_->token_prefix, token_.Reveal())}},
                              .idempotency = idempotency};
  if (!vendor_->second_header.empty()) {
    request.headers.push_back({std::string(vendor_->second_header), std::string(second_.Reveal())});
  }
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = base::DumpJson(body);
  }
  base::http::PacedTransport paced(*transport_, *limiter_, vendor_->find_pause);
  const auto response = base::http::Fetch(call, paced, request);
  if (!response) return response.error();
  const bool has_good_status = response->status >= 200 && response->status < 300;
  if (has_good_status && response->body.empty()) return Json();
  auto answer = base::ParseJson(response->body);
  const auto refusal =
      answer && vendor_->find_refusal != nullptr ? vendor_->find_refusal(*response, *answer) : std::optional<base::ErrorKind>();
  const bool is_success = has_good_status && !refusal;
  if (is_success && !answer) return std::move(answer).error().While(Cat("reading the response of ", vendor_->name));
  if (is_success) return answer;
  const Json said = answer ? *answer : Json();
  const auto read = [&](std::string_view at) { return at.empty() ? std::string() : TextAt(said, at); };
  auto error = base::http::MakeApiError(vendor_->name, *response,
                                        {.code = read(vendor_->error_code), .message = read(vendor_->error_message)}, call.Now());
  error.kind = refusal.value_or(error.kind);
  return error;
}

Result<RestApi> MakeRestApi(const RestVendor& vendor, const Connection& connection, const Deps& deps, std::string_view path) {
  auto url = GetEndpointUrl(connection, vendor.url);
  if (!url) return std::move(url).error();
  auto token = GetSecretOrVariable(connection, kTokenField, vendor.variable);
  if (!token) return std::move(token).error();
  return RestApi(vendor, *deps.http, Cat(*url, path), *std::move(token), FindLimiter(connection, deps, vendor.rate));
}

}  // namespace engine::connections
