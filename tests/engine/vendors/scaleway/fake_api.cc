// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/scaleway/fake_api.h"

#include <algorithm>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindMember;
using base::FindString;
using base::Json;
using base::http::Response;

constexpr const char* kScalewayId = "f5836d62-5e3a-40fb-a618-";  // and twelve digits

Response ScalewayError(int status, const std::string& message, const std::string& type = "") {
  Json error{{"message", message}};
  if (!type.empty()) error["type"] = type;
  return JsonAnswer(status, error);
}

std::string ScalewayId(std::int64_t id) {
  const std::string digits = Cat(id);
  return Cat(kScalewayId, std::string(12 - digits.size(), '0'), digits);
}

// Names come relative, or whole with a final dot.
std::string ScalewayName(std::string name) {
  const std::string zone = Cat(FakeZoneApi::kZone, ".");
  if (name == zone) return "";
  if (name.ends_with("." + zone)) name.resize(name.size() - zone.size() - 1);
  return name;
}

Json ScalewayRecord(std::int64_t id, const std::string& name, const std::string& value, std::int64_t ttl) {
  return {{"id", ScalewayId(id)}, {"data", Cat('"', value, '"')}, {"name", name}, {"priority", 0}, {"ttl", ttl}, {"type", "TXT"}};
}

std::string ScalewayValue(const std::string& data) { return BetweenQuotes(data).empty() ? data : BetweenQuotes(data); }

}  // namespace

Response FakeScaleway::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return ScalewayError(401, "authentication is denied", "denied_authentication");
  if (!MayWrite(request) && request.method != "GET") return ScalewayError(403, "insufficient permissions", "permissions_denied");
  const auto segments = request.Segments();
  if (segments.size() < 3 || segments[0] != "domain" || segments[1] != "v2beta1" || segments[2] != "dns-zones")
    return {.status = 404};
  if (segments.size() == 3) {
    return JsonAnswer(200, {{"total_count", 1}, {"dns_zones", Json::array({{{"domain", kZone}, {"subdomain", ""}}})}});
  }
  if (segments[3] != kZone) return ScalewayError(403, "domain not found");
  if (segments.size() != 5 || segments[4] != "records") return {.status = 404};
  if (request.method == "GET") return List(request);
  return request.method == "PATCH" ? Change(request.Body()) : Response{.status = 405};
}

Response FakeScaleway::List(const ApiRequest& request) const {
  Json records = Json::array();
  for (const Txt& one : Page(request, "page", "page_size", 20, 1000)) {
    records.push_back(ScalewayRecord(one.id, one.name, one.value, one.ttl));
  }
  return JsonAnswer(200, {{"total_count", records_.size()}, {"records", std::move(records)}});
}

// All changes, or none.
Response FakeScaleway::Change(const Json& body) {
  const auto before = records_;
  Json created = Json::array();
  const auto refuse = [&](Response response) {
    records_ = before;
    return response;
  };
  const Json* changes = FindMember(body, "changes");
  if (changes == nullptr || !changes->is_array() || changes->empty())
    return ScalewayError(400, "invalid argument(s)", "invalid_arguments");
  for (const Json& change : *changes) {
    if (const Json* add = FindMember(change, "add")) {
      for (const Json& one : add->value("records", Json::array())) {
        const std::string value = ScalewayValue(FindString(one, "data").value_or(""));
        const std::int64_t ttl = base::FindInteger(one, "ttl").value_or(0);
        if (FindString(one, "type") != "TXT" || value.empty() || ttl < 60)
          return refuse(ScalewayError(400, "invalid argument(s)", "invalid_arguments"));
        const std::string name = ScalewayName(FindString(one, "name").value_or(""));
        created.push_back(ScalewayRecord(Create(name, value, ttl).id, name, value, ttl));
      }
    } else if (const Json* gone = FindMember(change, "delete")) {
      const std::string id = FindString(*gone, "id").value_or("");
      const Json* fields = FindMember(*gone, "id_fields");
      const auto is_meant = [&](const Txt& one) {
        if (fields == nullptr) return ScalewayId(one.id) == id;
        const auto data = FindString(*fields, "data");
        return one.name == ScalewayName(FindString(*fields, "name").value_or("")) && (!data || one.value == ScalewayValue(*data));
      };
      if (std::erase_if(records_, is_meant) == 0) return refuse(ScalewayError(404, "resource is not found", "not_found"));
    }
  }
  return JsonAnswer(200, {{"records", std::move(created)}});
}

}  // namespace tests
