// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/bunny/fake_api.h"

#include <cstdlib>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

constexpr std::int64_t kBunnyTxt = 3;

Response BunnyError(int status, const std::string& key, const std::string& field, const std::string& message) {
  return JsonAnswer(status, {{"ErrorKey", key}, {"Field", field}, {"Message", message}});
}

Json BunnyRecord(std::int64_t id, const std::string& name, const std::string& value, std::int64_t ttl) {
  return {{"Id", id}, {"Type", kBunnyTxt}, {"Ttl", ttl}, {"Value", value}, {"Name", name}, {"Weight", 0}, {"Priority", 0}};
}

}  // namespace

Json FakeBunny::Zone() const {
  Json records = Json::array();
  records.push_back({{"Id", 1}, {"Type", 0}, {"Ttl", 300}, {"Value", "192.0.2.1"}, {"Name", ""}});
  for (const Txt& one : records_) records.push_back(BunnyRecord(one.id, one.name, one.value, one.ttl));
  return {{"Id", std::atoi(kZoneId)}, {"Domain", kZone}, {"Records", std::move(records)}};
}

Response FakeBunny::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return JsonAnswer(401, {{"Message", "Authorization has been denied for this request."}});
  if (!MayWrite(request) && request.method != "GET") return JsonAnswer(403, {{"Message", "Forbidden"}});
  const auto segments = request.Segments();
  if (segments.empty() || segments[0] != "dnszone") return {.status = 404};
  if (segments.size() == 1) {
    const int size = request.QueryNumber("perPage", 1000);
    if (size < 5 || size > 1000) return BunnyError(400, "validation_error", "PerPage", "PerPage must be between 5 and 1000.\r\n");
    const bool is_wanted = std::string(kZone).find(request.Query("search")) != std::string::npos;
    Json items = Json::array();
    if (is_wanted) items.push_back(Zone());
    return JsonAnswer(
        200, {{"Items", std::move(items)}, {"CurrentPage", 1}, {"TotalItems", is_wanted ? 1 : 0}, {"HasMoreItems", false}});
  }
  if (segments[1] != kZoneId) return BunnyError(404, "dnszone.zone.not_found", "Id", "The requested DNS zone was not found\r");
  if (segments.size() == 2) return JsonAnswer(200, Zone());
  if (segments[2] != "records" || segments.size() > 4) return {.status = 404};
  if (segments.size() == 3) return request.method == "PUT" ? CreateRecord(request.Body()) : Response{.status = 405};
  if (request.method != "DELETE") return {.status = 405};
  return Erase(segments[3]) ? Response{.status = 204}
                            : BunnyError(404, "dnszone.record.not_found", "Id", "The requested DNS zone record was not found\r");
}

Response FakeBunny::CreateRecord(const Json& body) {
  const auto name = FindString(body, "Name");
  const auto value = FindString(body, "Value");
  const std::int64_t ttl = base::FindInteger(body, "Ttl").value_or(300);
  if (base::FindInteger(body, "Type") != kBunnyTxt) return BunnyError(400, "validation_error", "Type", "Type is not valid.\r\n");
  if (!value || value->empty() || value->starts_with('"'))
    return BunnyError(400, "validation_error", "Value", "Value is not valid.\r\n");
  if (!name || name->ends_with('.') || name->ends_with(kZone))
    return BunnyError(400, "validation_error", "Name", "Name is not valid.\r\n");
  if (ttl < 15) return BunnyError(400, "validation_error", "Ttl", "Ttl is not valid.\r\n");
  return JsonAnswer(201, BunnyRecord(Create(*name, *value, ttl).id, *name, *value, ttl));
}

}  // namespace tests
