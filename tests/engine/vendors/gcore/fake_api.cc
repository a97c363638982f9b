// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/gcore/fake_api.h"

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

Response GcoreError(int status, const std::string& error) { return JsonAnswer(status, {{"error", error}}); }

std::string GcoreAbsolute(const std::string& name) { return Cat(name, name.empty() ? "" : ".", FakeZoneApi::kZone); }

}  // namespace

Response FakeGcore::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return GcoreError(401, "unauthorized");
  if (!MayWrite(request) && request.method != "GET") return GcoreError(403, "forbidden");
  const auto segments = request.Segments();
  if (segments.size() < 3 || segments[0] != "dns" || segments[1] != "v2" || segments[2] != "zones")
    return GcoreError(404, "not found");
  const Json zone{{"name", kZone}, {"id", 1}, {"records", Json::array()}};
  if (segments.size() == 3) return JsonAnswer(200, {{"zones", {zone}}, {"total_amount", 1}});
  if (segments[3] != kZone) return GcoreError(404, "zone is not found");
  if (segments.size() == 4) return JsonAnswer(200, zone);
  if (segments.size() == 5 && segments[4] == "rrsets") {
    // Without `all`, a page of 100.
    Json sets = Json::array({{{"name", kZone}, {"type", "NS"}, {"ttl", 3600}, {"resource_records", Json::array()}}});
    for (const std::string& name : Names()) {
      if (request.Query("all") == "true" || sets.size() < 100) sets.push_back(SetOf(name));
    }
    return JsonAnswer(200, {{"rrsets", std::move(sets)}, {"total_amount", Names().size() + 1}});
  }
  const std::string& name = segments[4];
  const std::string suffix = Cat(".", kZone);
  if (segments.size() != 6 || segments[5] != "TXT") return GcoreError(404, "not found");
  if (name == kZone) return OneSet(request, "");
  return name.ends_with(suffix) ? OneSet(request, name.substr(0, name.size() - suffix.size()))
                                : GcoreError(400, "record name is not in the zone");
}

Json FakeGcore::SetOf(const std::string& name) const {
  Json values = Json::array();
  for (const std::string& value : ValuesAt(name)) {
    values.push_back({{"id", 1}, {"content", Json::array({value})}, {"enabled", true}, {"meta", nullptr}});
  }
  return {{"name", GcoreAbsolute(name)}, {"type", "TXT"}, {"ttl", TtlOf(name)}, {"resource_records", std::move(values)}};
}

Response FakeGcore::OneSet(const ApiRequest& request, const std::string& name) {
  const bool is_there = !ValuesAt(name).empty();
  if (!is_there && request.method != "POST") return GcoreError(404, "record is not found");
  if (request.method == "GET") return JsonAnswer(200, SetOf(name));
  if (request.method == "DELETE") {
    Replace(name, {}, 0);
    return JsonAnswer(200, Json::object());
  }
  if (request.method != "POST" && request.method != "PUT") return GcoreError(405, "method not allowed");
  if (request.method == "POST" && is_there) return GcoreError(409, "record already exists");
  const Json body = request.Body();
  const std::int64_t ttl = base::FindInteger(body, "ttl").value_or(0);
  if (ttl < 120) return GcoreError(400, "ttl is too short");
  std::vector<std::string> values;
  const Json* records = base::FindMember(body, "resource_records");
  for (const Json& one : records == nullptr ? Json::array() : *records) {
    const auto content = base::FindStrings(one, "content");
    if (content.size() != 1 || content[0].starts_with('"')) return GcoreError(400, "content is not valid");
    values.push_back(content[0]);
  }
  if (values.empty()) return GcoreError(400, "resource_records must not be empty");
  Replace(name, values, ttl);
  return JsonAnswer(200, SetOf(name));
}

}  // namespace tests
