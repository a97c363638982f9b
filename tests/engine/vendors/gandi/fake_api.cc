// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/gandi/fake_api.h"

#include <algorithm>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

Response GandiError(int status, const std::string& cause, const std::string& message) {
  return JsonAnswer(status, {{"code", status}, {"cause", cause}, {"message", message}, {"object", Cat("HTTP", cause)}});
}

Response GandiNotFound() { return GandiError(404, "Not Found", "The resource could not be found."); }

}  // namespace

Response FakeGandi::Answer(const ApiRequest& request) {
  // Keys of the old kind are still accepted.
  const bool has_old_key = request.Header("authorization") == Cat("Apikey ", kToken);
  if (!MayRead(request) && !has_old_key) {
    return GandiError(401, "Unauthorized",
                      "The server could not verify that you authorized to access the document you requested.");
  }
  const auto segments = request.Segments();
  if (segments.size() < 3 || segments[0] != "v5" || segments[1] != "livedns" || segments[2] != "domains") return GandiNotFound();
  const Json domain{{"fqdn", kZone}, {"domain_href", Cat("https://gandi.test/v5/livedns/domains/", kZone)}};
  if (segments.size() == 3) return JsonAnswer(200, Json::array({domain}));
  if (segments[3] != kZone) return GandiNotFound();
  if (segments.size() == 4) return JsonAnswer(200, domain);
  if (!MayWrite(request) && !has_old_key && request.method != "GET") {
    return GandiError(403, "Forbidden", "Access was denied to this resource.");
  }
  if (segments[4] != "records" || segments.size() == 6 || segments.size() > 7) return GandiNotFound();
  if (segments.size() == 5) return List(request);
  return segments[6] == "TXT" ? OneSet(request, segments[5] == "@" ? "" : segments[5]) : GandiNotFound();
}

Json FakeGandi::SetOf(const std::string& name) const {
  Json values = Json::array();
  for (const std::string& value : ValuesAt(name)) values.push_back(Cat('"', value, '"'));
  return {{"rrset_name", name.empty() ? "@" : name},
          {"rrset_type", "TXT"},
          {"rrset_ttl", TtlOf(name)},
          {"rrset_values", std::move(values)},
          {"rrset_href", Cat("https://gandi.test/v5/livedns/domains/", kZone, "/records/", name.empty() ? "@" : name, "/TXT")}};
}

Response FakeGandi::List(const ApiRequest& request) const {
  const int size = std::min(500, request.QueryNumber("per_page", 100));
  const int page = request.QueryNumber("page", 1);
  Json sets = Json::array();
  int position = 0;
  for (const std::string& name : Names()) {
    if (position++ / size == page - 1) sets.push_back(SetOf(name));
  }
  return JsonAnswer(200, sets, {{"Total-Count", Cat(Names().size())}});
}

Response FakeGandi::OneSet(const ApiRequest& request, const std::string& name) {
  const bool is_there = !ValuesAt(name).empty();
  if (request.method == "GET") return is_there ? JsonAnswer(200, SetOf(name)) : GandiNotFound();
  if (request.method == "DELETE") {
    Replace(name, {}, 0);
    return is_there ? Response{.status = 204} : GandiNotFound();
  }
  if (request.method != "PUT" && request.method != "POST")
    return GandiError(405, "Method Not Allowed", "The method is not allowed.");
  if (request.method == "POST" && is_there)
    return GandiError(409, "Conflict", "A DNS Record already exists with same name and type");
  const Json body = request.Body();
  std::vector<std::string> values;
  for (const std::string& text : base::FindStrings(body, "rrset_values")) {
    values.push_back(BetweenQuotes(text).empty() ? text : BetweenQuotes(text));  // both spellings are taken, one is given back
    if (std::ranges::count(values, values.back()) > 1) return GandiError(400, "Bad Request", "rrset_values: duplicates");
  }
  const std::int64_t ttl = base::FindInteger(body, "rrset_ttl").value_or(is_there ? TtlOf(name) : 10800);
  if (values.empty()) return GandiError(400, "Bad Request", "rrset_values: List should have at least 1 item");
  if (ttl < 300 || ttl > 2592000) return GandiError(400, "Bad Request", "rrset_ttl: must be between 300 and 2592000");
  Replace(name, values, ttl);
  return JsonAnswer(201, {{"message", "DNS Record Created"}});
}

}  // namespace tests
