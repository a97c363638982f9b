// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/digitalocean/fake_api.h"

#include <algorithm>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

Response DigitalOceanError(int status, const std::string& id, const std::string& message) {
  return JsonAnswer(status, {{"id", id}, {"message", message}, {"request_id", "4d9d8375-3c56-4925-a3e7-eb137fed17e9"}});
}

Json ToJson(std::int64_t id, const std::string& name, const std::string& data, std::int64_t ttl) {
  return {{"id", id}, {"type", "TXT"}, {"name", name}, {"data", data}, {"ttl", ttl}, {"priority", nullptr}};
}

}  // namespace

// From a whole name without final dot.
std::string FakeDigitalocean::Relative(const std::string& name) {
  if (name == kZone) return "@";
  const std::string suffix = Cat(".", kZone);
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : "?";
}

std::vector<std::string> FakeDigitalocean::Values(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> values;
  for (const auto& [id, record] : records_) {
    if (record.name == Relative(fqdn.substr(0, fqdn.size() - 1))) values.push_back(record.data);
  }
  std::sort(values.begin(), values.end());
  return values;
}

void FakeDigitalocean::Add(const std::string& fqdn, const std::string& data) {
  std::lock_guard lock(mutex_);
  records_[next_id_++] = {.name = Relative(fqdn.substr(0, fqdn.size() - 1)), .data = data, .ttl = 1800};
}

Response FakeDigitalocean::Answer(const ApiRequest& request) {
  const std::string bearer = request.Header("authorization");
  const bool may_write = bearer == Cat("Bearer ", kToken);
  if (!may_write && bearer != Cat("Bearer ", kReadOnlyToken))
    return DigitalOceanError(401, "unauthorized", "Unable to authenticate you");
  if (!may_write && request.method != "GET")
    return DigitalOceanError(403, "forbidden", "You are not authorized to perform this operation");
  const auto segments = request.Segments();
  if (request.path == "/v2/domains") return JsonAnswer(200, {{"domains", {{{"name", kZone}}}}, {"meta", {{"total", 1}}}});
  if (request.path == base::Cat("/v2/domains/", kZone)) return JsonAnswer(200, {{"domain", {{"name", kZone}, {"ttl", 1800}}}});
  if (segments.size() < 4 || segments[0] != "v2" || segments[1] != "domains" || segments[2] != kZone ||
      segments[3] != "records") {
    return DigitalOceanError(404, "not_found", "The resource you were accessing could not be found.");
  }
  if (segments.size() == 4 && request.method == "POST") return Create(request);
  if (segments.size() == 4 && request.method == "GET") return List(request);
  if (segments.size() != 5 || request.method != "DELETE")
    return DigitalOceanError(405, "method_not_allowed", "Method not allowed");
  const bool is_number = std::all_of(segments[4].begin(), segments[4].end(), [](char one) { return one >= '0' && one <= '9'; });
  if (!is_number || records_.erase(std::stoll(segments[4])) == 0) {
    return DigitalOceanError(404, "not_found", "The resource you were accessing could not be found.");
  }
  return {.status = 204, .headers = {}, .body = {}};
}

Response FakeDigitalocean::Create(const ApiRequest& request) {
  if (request.Header("content-type") != "application/json")
    return DigitalOceanError(415, "unsupported_media_type", "Unsupported Media Type");
  const Json body = request.Body();
  const auto name = base::FindString(body, "name");
  const auto data = base::FindString(body, "data");
  if (base::FindString(body, "type") != "TXT") return DigitalOceanError(422, "unprocessable_entity", "Record type is invalid.");
  if (!data || data->empty()) return DigitalOceanError(422, "unprocessable_entity", "Data can't be blank.");
  if (!name || name->empty() || name->ends_with(kZone)) return DigitalOceanError(422, "unprocessable_entity", "Name is invalid.");
  const std::int64_t ttl = base::FindInteger(body, "ttl").value_or(1800);
  if (ttl < 30) return DigitalOceanError(422, "unprocessable_entity", "Ttl must be greater than or equal to 30.");
  const std::int64_t id = next_id_++;
  records_[id] = {.name = *name, .data = *data, .ttl = ttl};
  return JsonAnswer(201, {{"domain_record", ToJson(id, *name, *data, ttl)}});
}

// https://docs.digitalocean.com/reference/api/reference/domain-records: the filter wants a fully qualified name, pages hold 200.
Response FakeDigitalocean::List(const ApiRequest& request) const {
  const std::string name = request.Query("name").empty() ? "" : Relative(request.Query("name"));
  const int size = std::min(200, request.QueryNumber("per_page", 20));
  const int page = request.QueryNumber("page", 1);
  Json found = Json::array();
  int count = 0;
  for (const auto& [id, record] : records_) {
    if ((!name.empty() && record.name != name) || count++ < (page - 1) * size) continue;
    if (static_cast<int>(found.size()) < size) found.push_back(ToJson(id, record.name, record.data, record.ttl));
  }
  return JsonAnswer(200, {{"domain_records", std::move(found)}, {"meta", {{"total", count}}}});
}

}  // namespace tests
