// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/dnsimple/fake_api.h"

#include <algorithm>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

Response DnsimpleError(int status, const std::string& message) { return JsonAnswer(status, {{"message", message}}); }

Json DnsimpleRecord(std::int64_t id, const std::string& name, const std::string& content, std::int64_t ttl) {
  return {
      {"id", id},   {"zone_id", FakeZoneApi::kZone}, {"parent_id", nullptr}, {"name", name},          {"content", content},
      {"ttl", ttl}, {"priority", nullptr},           {"type", "TXT"},        {"regions", {"global"}}, {"system_record", false}};
}

Json DnsimpleList(Json data, int page, int size, std::size_t total) {
  const int pages = std::max(1, (static_cast<int>(total) + size - 1) / size);
  return {{"data", std::move(data)},
          {"pagination", {{"current_page", page}, {"per_page", size}, {"total_entries", total}, {"total_pages", pages}}}};
}

}  // namespace

Response FakeDnsimple::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return DnsimpleError(401, "Authentication failed");
  const auto segments = request.Segments();
  if (segments.size() < 2 || segments[0] != "v2") return DnsimpleError(404, "Not found");
  if (segments[1] == "accounts") {
    return JsonAnswer(200,
                      {{"data", Json::array({Json{{"id", 1010}, {"email", "ops@example.test"}, {"plan_identifier", "teams"}}})}});
  }
  if (segments[1] != kAccount || segments.size() < 3) return DnsimpleError(404, "Not found");
  if (!MayWrite(request) && request.method != "GET") return DnsimpleError(403, "Permission Denied. Required Scope: zones:write");
  const Json zone{{"id", 1}, {"account_id", 1010}, {"name", kZone}, {"active", true}};
  if (segments.size() == 3 && (segments[2] == "zones" || segments[2] == "domains")) {
    return JsonAnswer(200, DnsimpleList(Json::array({zone}), 1, 30, 1));
  }
  if (segments[2] != "zones" || segments[3] != kZone) return DnsimpleError(404, Cat("Zone `", segments.back(), "` not found"));
  if (segments.size() == 4) return JsonAnswer(200, {{"data", zone}});
  if (segments[4] != "records" || segments.size() > 6) return DnsimpleError(404, "Not found");
  return Records(request, segments.size() == 6 ? segments[5] : "");
}

// https://developer.dnsimple.com/v2/#pagination: 30 usually, 100 at most.
Response FakeDnsimple::Records(const ApiRequest& request, const std::string& id) {
  if (id.empty() && request.method == "POST") return CreateRecord(request.Body());
  if (!id.empty()) {
    if (request.method != "DELETE") return DnsimpleError(405, "Method not allowed");
    return Erase(id) ? Response{.status = 204} : DnsimpleError(404, Cat("Record `", id, "` not found"));
  }
  if (!request.Query("type").empty() && request.Query("type") != "TXT")
    return JsonAnswer(200, DnsimpleList(Json::array(), 1, 30, 0));
  const int size = request.QueryNumber("per_page", 30);
  const int page = request.QueryNumber("page", 1);
  if (size < 1 || size > 100) return DnsimpleError(400, "per_page must be between 1 and 100");
  Json data = Json::array();
  int position = 0;
  for (const Txt& one : records_) {
    if (request.query.contains("name") && request.Query("name") != one.name) continue;
    if (position++ / size == page - 1) data.push_back(DnsimpleRecord(one.id, one.name, one.value, one.ttl));
  }
  return JsonAnswer(200, DnsimpleList(std::move(data), page, size, static_cast<std::size_t>(position)));
}

Response FakeDnsimple::CreateRecord(const Json& body) {
  const auto name = FindString(body, "name");
  const auto content = FindString(body, "content");
  const std::int64_t ttl = base::FindInteger(body, "ttl").value_or(3600);
  if (FindString(body, "type") != "TXT" || !content || content->empty()) return DnsimpleError(400, "Validation failed");
  if (!name || name->ends_with('.') || name->ends_with(kZone)) return DnsimpleError(400, "Validation failed");
  if (ttl < 60) return DnsimpleError(400, "Validation failed");
  const auto is_equal = [&](const Txt& one) { return one.name == *name && one.value == *content; };
  if (std::ranges::any_of(records_, is_equal)) return DnsimpleError(400, "Zone record already exists");
  const Txt& created = Create(*name, *content, ttl);
  return JsonAnswer(201, {{"data", DnsimpleRecord(created.id, *name, *content, ttl)}});
}

}  // namespace tests
