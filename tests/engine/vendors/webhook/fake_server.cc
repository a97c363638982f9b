// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/webhook/fake_server.h"

#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

base::http::Response Status(int status) { return {.status = status, .headers = {}, .body = {}}; }

}  // namespace

std::vector<std::string> FakeWebhook::Values(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  const auto found = values_.find(fqdn);
  return found == values_.end() ? std::vector<std::string>() : std::vector(found->second.begin(), found->second.end());
}

void FakeWebhook::Add(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  values_[fqdn].insert(value);
}

base::http::Response FakeWebhook::Answer(const ApiRequest& request) {
  const std::string expected = "Basic " + base::Base64(base::Cat(kUsername, ":", kPassword));
  if (request.Header("authorization") != expected) return Status(401);
  if (request.path != "/dns/present" && request.path != "/dns/cleanup") return Status(404);
  if (request.method != "POST") return Status(405);
  const base::Json body = request.Body();
  if (body.is_discarded() || request.Header("content-type") != "application/json") return Status(400);
  const auto fqdn = base::FindString(body, "fqdn");
  const auto value = base::FindString(body, "value");
  if (!fqdn || !value || body.size() != 2 || !fqdn->ends_with(".example.test.")) return Status(422);
  if (request.path == "/dns/present") {
    values_[*fqdn].insert(*value);
    return Status(200);
  }
  return Status(values_[*fqdn].erase(*value) == 1 ? 204 : 404);
}

}  // namespace tests
