// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/linode/fake_api.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

// What Linode keeps of a TTL: the nearest of these.
constexpr std::array<std::int64_t, 15> kLinodeTtls{0,     30,    120,    300,    3600,   7200,    14400,  28800,
                                                   57600, 86400, 172800, 345600, 604800, 1209600, 2419200};

Response LinodeError(int status, const std::string& reason, const std::string& field = "") {
  Json error{{"reason", reason}};
  if (!field.empty()) error["field"] = field;
  return JsonAnswer(status, {{"errors", Json::array({error})}});
}

Json LinodePage(Json data, int page, std::size_t total, std::size_t size) {
  return {{"data", std::move(data)},
          {"page", page},
          {"pages", std::max<std::size_t>(1, (total + size - 1) / size)},
          {"results", total}};
}

}  // namespace

Response FakeLinode::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return LinodeError(401, "Invalid Token");
  if (!MayWrite(request) && request.method != "GET") {
    return LinodeError(401, "Your OAuth token is not authorized to use this endpoint.");
  }
  const auto segments = request.Segments();
  if (segments.size() < 2 || segments[0] != "v4" || segments[1] != "domains") return LinodeError(404, "Not found");
  // https://techdocs.akamai.com/linode-api/reference/pagination: from 25 to 500.
  const int size = request.QueryNumber("page_size", 100);
  if (size < 25 || size > 500) return LinodeError(400, "Must be 25-500", "page_size");
  const Json domain{{"id", std::atoi(kZoneId)}, {"domain", kZone}, {"type", "master"}, {"status", "active"}};
  if (segments.size() == 2) {
    const std::string filter = request.Header("x-filter");
    const Json wanted = filter.empty() ? Json::object() : Json::parse(filter, nullptr, false);
    if (!wanted.is_object()) return LinodeError(400, "Cannot parse the X-Filter header");
    const bool is_wanted = !wanted.contains("domain") || wanted["domain"] == kZone;
    return JsonAnswer(200, LinodePage(is_wanted ? Json::array({domain}) : Json::array(), 1, is_wanted ? 1 : 0, 100));
  }
  if (segments[2] != kZoneId) return LinodeError(404, "Not found");
  if (segments.size() == 3) return JsonAnswer(200, domain);
  if (segments[3] != "records" || segments.size() > 5) return LinodeError(404, "Not found");
  return Records(request, segments.size() == 5 ? segments[4] : "");
}

Response FakeLinode::Records(const ApiRequest& request, const std::string& id) {
  if (id.empty() && request.method == "POST") return CreateRecord(request.Body());
  if (!id.empty()) {
    if (request.method != "DELETE") return LinodeError(405, "Method Not Allowed");
    return Erase(id) ? JsonAnswer(200, Json::object()) : LinodeError(404, "Not found");
  }
  Json data = Json::array();
  for (const Txt& one : Page(request, "page", "page_size", 100, 500)) {
    data.push_back(
        {{"id", one.id}, {"type", "TXT"}, {"name", one.name}, {"target", one.value}, {"ttl_sec", one.ttl}, {"tag", nullptr}});
  }
  const auto size = static_cast<std::size_t>(request.QueryNumber("page_size", 100));
  return JsonAnswer(200, LinodePage(std::move(data), request.QueryNumber("page", 1), records_.size(), size));
}

Response FakeLinode::CreateRecord(const Json& body) {
  const auto name = FindString(body, "name");
  const auto target = FindString(body, "target");
  if (body.size() != 4 || FindString(body, "type") != "TXT") return LinodeError(400, "type is not valid", "type");
  if (!target || target->empty() || target->starts_with('"')) return LinodeError(400, "target is not valid", "target");
  if (!name || name->ends_with('.') || name->ends_with(kZone)) return LinodeError(400, "name is not valid", "name");
  const std::int64_t wanted = base::FindInteger(body, "ttl_sec").value_or(-1);
  if (wanted < 0) return LinodeError(400, "ttl_sec is not valid", "ttl_sec");
  const std::int64_t ttl = *std::ranges::min_element(kLinodeTtls, {}, [&](std::int64_t one) { return std::abs(one - wanted); });
  const Txt& created = Create(*name, *target, ttl);
  return JsonAnswer(200, {{"id", created.id}, {"type", "TXT"}, {"name", *name}, {"target", *target}, {"ttl_sec", ttl}});
}

}  // namespace tests
