// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/ionos/fake_api.h"

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

constexpr const char* kIonosRecordId = "22af3414-abbe-9e11-5df5-";  // and twelve digits

Response IonosError(int status, const std::string& code, const std::string& message) {
  return JsonAnswer(status, Json::array({{{"code", code}, {"message", message}}}));
}

std::string IonosId(std::int64_t id) {
  const std::string digits = Cat(id);
  return Cat(kIonosRecordId, std::string(12 - digits.size(), '0'), digits);
}

// Absolute, without the final dot; empty if the name is not of the zone.
std::optional<std::string> IonosRelative(const std::string& name) {
  const std::string zone = FakeZoneApi::kZone;
  if (name == zone) return "";
  if (!name.ends_with("." + zone)) return std::nullopt;
  return name.substr(0, name.size() - zone.size() - 1);
}

std::string IonosAbsolute(const std::string& name) { return Cat(name, name.empty() ? "" : ".", FakeZoneApi::kZone); }

Json IonosRecord(std::int64_t id, const std::string& name, const std::string& value, std::int64_t ttl) {
  return {{"id", IonosId(id)},
          {"name", IonosAbsolute(name)},
          {"rootName", FakeZoneApi::kZone},
          {"type", "TXT"},
          {"content", Cat('"', value, '"')},
          {"changeDate", "2026-11-29T00:00:00.000Z"},
          {"ttl", ttl},
          {"disabled", false}};
}

}  // namespace

Response FakeIonos::Answer(const ApiRequest& request) {
  // A key whose customer may not do it is refused in the same words.
  if (!MayRead(request) || (!MayWrite(request) && request.method != "GET")) {
    return IonosError(401, "UNAUTHORIZED", "The customer is not authorized to do this operation.");
  }
  const auto segments = request.Segments();
  if (segments.size() < 3 || segments[0] != "dns" || segments[1] != "v1" || segments[2] != "zones") return {.status = 404};
  const Json zone{{"id", kZoneId}, {"name", kZone}, {"type", "NATIVE"}};
  if (segments.size() == 3) return JsonAnswer(200, Json::array({zone}));
  if (segments[3] != kZoneId) return IonosError(404, "ZONE_NOT_FOUND", "Zone does not exist.");
  if (segments.size() == 4 && request.method == "GET") return List(request);
  if (segments.size() == 4 && request.method == "PATCH") {
    // All records of the same name and type give way to these.
    for (const Json& one : request.Body()) {
      if (const auto name = IonosRelative(FindString(one, "name").value_or(""))) Replace(*name, {}, 0);
    }
    const Response created = CreateRecords(request.Body());
    return created.status == 201 ? Response{.status = 200} : created;
  }
  if (segments.size() < 5 || segments[4] != "records") return {.status = 404};
  if (segments.size() == 5) return request.method == "POST" ? CreateRecords(request.Body()) : Response{.status = 405};
  if (request.method != "DELETE") return {.status = 405};
  const bool was_there = segments[5].starts_with(kIonosRecordId) &&
                         Erase(std::to_string(std::stoll(segments[5].substr(std::string(kIonosRecordId).size()))));
  return was_there ? Response{.status = 200} : IonosError(404, "RECORD_NOT_FOUND", "Record does not exist.");
}

Response FakeIonos::List(const ApiRequest& request) const {
  const std::string type = request.Query("recordType");
  const std::string wanted = request.Query("recordName");
  Json records = Json::array();
  for (const Txt& one : records_) {
    const bool is_wanted = (type.empty() || type == "TXT") && (wanted.empty() || wanted == IonosAbsolute(one.name));
    if (is_wanted) records.push_back(IonosRecord(one.id, one.name, one.value, one.ttl));
  }
  return JsonAnswer(200, {{"id", kZoneId}, {"name", kZone}, {"type", "NATIVE"}, {"records", std::move(records)}});
}

Response FakeIonos::CreateRecords(const Json& body) {
  if (!body.is_array() || body.empty()) return IonosError(400, "INVALID_DATA", "The request body is not a list of records.");
  Json created = Json::array();
  for (const Json& record : body) {
    const auto name = IonosRelative(FindString(record, "name").value_or(""));
    const std::string content = FindString(record, "content").value_or("");
    const std::int64_t ttl = base::FindInteger(record, "ttl").value_or(3600);
    if (!name) return IonosError(400, "INVALID_RECORD", "The name is not in the zone.");
    if (FindString(record, "type") != "TXT" || content.empty()) return IonosError(400, "INVALID_RECORD", "Invalid record.");
    if (ttl < 60) return IonosError(400, "INVALID_RECORD", "The TTL is too short.");
    const std::string value = BetweenQuotes(content).empty() ? content : BetweenQuotes(content);
    std::erase_if(records_, [&](const Txt& one) { return one.name == *name && one.value == value; });
    created.push_back(IonosRecord(Create(*name, value, ttl).id, *name, value, ttl));
  }
  return JsonAnswer(201, created);
}

}  // namespace tests
