// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/porkbun/fake_api.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

Response PorkbunError(const std::string& message) { return JsonAnswer(400, {{"status", "ERROR"}, {"message", message}}); }

}  // namespace

Response FakePorkbun::Answer(const ApiRequest& request) {
  const auto segments = request.Segments();
  if (segments.size() < 4 || segments[0] != "api" || segments[1] != "json" || segments[2] != "v3") return {.status = 404};
  if (request.method != "POST") return {.status = 405};
  const Json body = request.Body();
  if (!body.is_object()) return PorkbunError("Invalid JSON.");
  const std::string key = FindString(body, "apikey").value_or(request.Header("x-api-key"));
  const std::string secret = FindString(body, "secretapikey").value_or(request.Header("x-secret-api-key"));
  if (key != kToken || secret != kSecret) return PorkbunError("Invalid API key. (001)");
  if (segments.size() == 4 && segments[3] == "ping") return JsonAnswer(200, {{"status", "SUCCESS"}, {"yourIp", "192.0.2.7"}});
  if (segments.size() < 6 || segments[3] != "dns") return {.status = 404};
  if (segments[5] == kClosedZone) return PorkbunError("Domain is not opted in to API access.");
  if (segments[5] != kZone) return PorkbunError("Invalid domain.");
  if (segments[4] == "retrieve" && segments.size() == 6) return List();
  if (segments[4] == "create" && segments.size() == 6) return CreateRecord(body);
  if (segments[4] != "delete" || segments.size() != 7) return {.status = 404};
  return Erase(segments[6]) ? JsonAnswer(200, {{"status", "SUCCESS"}}) : PorkbunError("Invalid record ID.");
}

Response FakePorkbun::List() const {
  Json records = Json::array({{{"id", "1"}, {"name", kZone}, {"type", "A"}, {"content", "192.0.2.1"}, {"ttl", "600"}}});
  for (const Txt& one : records_) {
    records.push_back({{"id", Cat(one.id)},
                       {"name", Cat(one.name, one.name.empty() ? "" : ".", kZone)},
                       {"type", "TXT"},
                       {"content", one.value},
                       {"ttl", Cat(one.ttl)},
                       {"prio", "0"},
                       {"notes", nullptr}});
  }
  return JsonAnswer(200, {{"status", "SUCCESS"}, {"cloudflare", "enabled"}, {"records", std::move(records)}});
}

Response FakePorkbun::CreateRecord(const Json& body) {
  const std::string name = FindString(body, "name").value_or("");
  const std::string content = FindString(body, "content").value_or("");
  if (FindString(body, "type") != "TXT") return PorkbunError("Invalid type.");
  if (content.empty() || content.starts_with('"')) return PorkbunError("Invalid content.");
  if (name.ends_with('.') || name.ends_with(kZone)) return PorkbunError("Invalid name.");
  const std::int64_t ttl = base::FindInteger(body, "ttl").value_or(std::atoll(FindString(body, "ttl").value_or("600").c_str()));
  return JsonAnswer(200, {{"status", "SUCCESS"}, {"id", Create(name, content, std::max<std::int64_t>(ttl, 600)).id}});
}

}  // namespace tests
