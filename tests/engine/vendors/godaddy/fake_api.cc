// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/godaddy/fake_api.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace tests {
namespace {

using base::FindString;
using base::Json;
using base::http::Response;

constexpr std::int64_t kGodaddyMinimumTtl = 600;

Response GodaddyError(int status, const std::string& code, const std::string& message) {
  return JsonAnswer(status, {{"code", code}, {"message", message}});
}

Response GodaddyNotFound() {
  return GodaddyError(404, "UNKNOWN_DOMAIN", "The given domain is not registered, or does not have a zone file");
}

std::string FromGodaddy(const std::string& name) { return name == "@" ? "" : name; }

// Empty when the records are good. A set says its name in the path.
std::string FindGodaddyProblem(const Json& body, bool wants_name) {
  if (!body.is_array() || body.empty()) return "is not an array of records";
  for (const Json& one : body) {
    const std::string name = FindString(one, "name").value_or("");
    if (FindString(one, "data").value_or("").empty()) return "data is missing";
    if (base::FindInteger(one, "ttl").value_or(kGodaddyMinimumTtl) < kGodaddyMinimumTtl) return "ttl must be 600 or more";
    if (wants_name && (FindString(one, "type") != "TXT" || name.empty() || name.ends_with(FakeZoneApi::kZone)))
      return "name is not valid";
  }
  return "";
}

Response GodaddyInvalid(const std::string& problem) {
  return GodaddyError(422, "INVALID_BODY", "Request body doesn't fulfill schema: " + problem);
}

}  // namespace

Response FakeGodaddy::Answer(const ApiRequest& request) {
  if (!MayRead(request))
    return GodaddyError(401, "UNABLE_TO_AUTHENTICATE", "Unauthorized : Could not authenticate API key/secret");
  const auto segments = request.Segments();
  if (segments.size() < 2 || segments[0] != "v1" || segments[1] != "domains") return GodaddyError(404, "NOT_FOUND", "Not found");
  const Json domain{{"domain", kZone}, {"domainId", 1002345}, {"status", "ACTIVE"}};
  if (segments.size() == 2) return JsonAnswer(200, Json::array({domain}));
  if (segments[2] != kZone) return GodaddyNotFound();
  if (segments.size() == 3) return JsonAnswer(200, domain);
  if (!MayWrite(request) && request.method != "GET") {
    return GodaddyError(403, "ACCESS_DENIED", "Authenticated user is not allowed access");
  }
  if (segments[3] != "records" || segments.size() > 6) return GodaddyError(404, "NOT_FOUND", "Not found");
  const bool is_about_txt = segments.size() > 4 && segments[4] == "TXT";
  if (request.method == "GET") return List(request, segments.size() == 6 ? segments[5] : "");
  if (request.method == "PATCH" && segments.size() == 4) return AddRecords(request.Body());
  if (request.method == "PUT" && segments.size() == 5 && is_about_txt) return ReplaceType(request.Body());
  if (segments.size() != 6 || !is_about_txt) return GodaddyError(405, "METHOD_NOT_ALLOWED", "Method not allowed");
  const std::string name = FromGodaddy(segments[5]);
  if (request.method == "PUT") return ReplaceSet(name, request.Body());
  if (request.method != "DELETE") return GodaddyError(405, "METHOD_NOT_ALLOWED", "Method not allowed");
  if (ValuesAt(name).empty()) return GodaddyError(404, "UNKNOWN_RECORD", "No records found");
  Replace(name, {}, 0);
  return {.status = 204};
}

Response FakeGodaddy::List(const ApiRequest& request, const std::string& name) const {
  const int limit = std::min(500, request.QueryNumber("limit", 100));
  const int page = request.QueryNumber("offset", 1);
  Json found = Json::array();
  int position = 0;
  for (const Txt& one : records_) {
    if (!name.empty() && one.name != FromGodaddy(name)) continue;
    if (position++ / limit != page - 1) continue;
    found.push_back({{"type", "TXT"}, {"name", one.name.empty() ? "@" : one.name}, {"data", one.value}, {"ttl", one.ttl}});
  }
  return JsonAnswer(200, found);
}

// All or nothing.
Response FakeGodaddy::AddRecords(const Json& body) {
  if (const std::string problem = FindGodaddyProblem(body, true); !problem.empty()) return GodaddyInvalid(problem);
  for (const Json& one : body) {
    const auto values = ValuesAt(FromGodaddy(*FindString(one, "name")));
    if (std::ranges::count(values, *FindString(one, "data")) != 0) {
      return GodaddyError(422, "DUPLICATE_RECORD", "Another record with the same attributes already exists");
    }
  }
  for (const Json& one : body) {
    Create(FromGodaddy(*FindString(one, "name")), *FindString(one, "data"), base::FindInteger(one, "ttl").value_or(3600));
  }
  return {.status = 200};
}

Response FakeGodaddy::ReplaceSet(const std::string& name, const Json& body) {
  if (const std::string problem = FindGodaddyProblem(body, false); !problem.empty()) return GodaddyInvalid(problem);
  std::vector<std::string> values;
  for (const Json& one : body) values.push_back(*FindString(one, "data"));
  if (std::set(values.begin(), values.end()).size() != values.size()) {
    return GodaddyError(422, "DUPLICATE_RECORD", "Another record with the same attributes already exists");
  }
  Replace(name, values, base::FindInteger(body.front(), "ttl").value_or(3600));
  return {.status = 200};
}

Response FakeGodaddy::ReplaceType(const Json& body) {
  if (const std::string problem = FindGodaddyProblem(body, true); !problem.empty()) return GodaddyInvalid(problem);
  records_.clear();
  return AddRecords(body);
}

}  // namespace tests
