// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/powerdns/api.h"

#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/text.h"
#include "base/url.h"

namespace engine::vendors::powerdns {
namespace {

using base::Call;
using base::Cat;
using base::DumpJson;
using base::FindString;
using base::Json;
using base::ParseJsonObject;
using base::PercentEncode;
using base::Result;
using base::Secret;
using base::http::MakeApiError;

constexpr std::string_view kVersionPath = "/api/v1";

}  // namespace

PowerdnsApi::PowerdnsApi(base::http::Transport& transport, std::string_view url, std::string_view server_id, Secret key)
    : transport_(&transport), key_(std::move(key)) {
  if (url.ends_with(kVersionPath)) url.remove_suffix(kVersionPath.size());
  url_ = Cat(url, kVersionPath, "/servers/", PercentEncode(server_id));
}

Result<Json> PowerdnsApi::Send(const Call& call, std::string_view method, std::string_view path, const Json& body) const {
  base::http::Request request{.method = std::string(method),
                              .url = Cat(url_, path),
                              .headers = {{"Accept", "application/json"}, {"X-API-Key", std::string(key_.Reveal())}}};
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = DumpJson(body);
  }
  const auto response = base::http::Fetch(call, *transport_, request);
  if (!response) return response.error();
  const bool is_good = response->status >= 200 && response->status < 300;
  if (is_good && response->body.empty()) return Json();
  auto answer = ParseJsonObject(response->body);
  if (is_good && !answer) return std::move(answer).error().While("reading PowerDNS's answer");
  if (is_good) return answer;
  // "Unauthorized" and "Not Found" come as plain text.
  return MakeApiError("PowerDNS", *response, {.code = {}, .message = answer ? FindString(*answer, "error").value_or("") : ""},
                      call.Now());
}

}  // namespace engine::vendors::powerdns
