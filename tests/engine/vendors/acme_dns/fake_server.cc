// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/acme_dns/fake_server.h"

#include "base/encoding.h"

namespace tests {

std::vector<std::string> FakeAcmeDns::Values() const {
  std::lock_guard lock(mutex_);
  return {values_.begin(), values_.end()};
}

base::http::Response FakeAcmeDns::Answer(const ApiRequest& request) {
  if (request.path == "/register" && request.method == "POST") {
    return JsonAnswer(201, {{"username", kUsername},
                            {"password", kPassword},
                            {"fulldomain", kFullDomain},
                            {"subdomain", kSubdomain},
                            {"allowfrom", base::Json::array()}});
  }
  if (request.path != "/update" || request.method != "POST")
    return {.status = 404, .headers = {}, .body = "404 page not found\n"};
  const base::Json body = request.Body();
  const bool is_known = request.Header("x-api-user") == kUsername && request.Header("x-api-key") == kPassword;
  if (!is_known || body.is_discarded() || base::FindString(body, "subdomain") != kSubdomain) {
    return JsonAnswer(401, {{"error", "forbidden"}});
  }
  // 43 characters of base64url: a SHA-256.
  const std::string value = base::FindString(body, "txt").value_or("");
  if (value.size() != 43 || !base::FromBase64Url(value)) return JsonAnswer(400, {{"error", "bad_txt"}});
  values_.push_back(value);
  if (values_.size() > 2) values_.pop_front();
  return JsonAnswer(200, {{"txt", value}});
}

}  // namespace tests
