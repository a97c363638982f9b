// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/desec/fake_api.h"

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

constexpr std::int64_t kDesecMinimumTtl = 3600;
constexpr std::size_t kDesecPageSize = 500;

Response DesecError(int status, const std::string& detail) { return JsonAnswer(status, {{"detail", detail}}); }

// The values between quotes; empty with what is wrong in `problem`.
std::vector<std::string> ReadDesecValues(const Json& set, std::string& problem) {
  std::vector<std::string> values;
  for (const std::string& text : base::FindStrings(set, "records")) {
    values.push_back(BetweenQuotes(text));
    if (values.back().empty()) problem = "Data for TXT records must be given using quotation marks.";
  }
  if (std::set(values.begin(), values.end()).size() != values.size()) problem = "RRset must not contain duplicates.";
  return values;
}

}  // namespace

Response FakeDesec::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return DesecError(401, "Invalid token.");
  if (!request.path.ends_with('/')) return {.status = 301, .headers = {{"Location", request.path + "/"}}};
  const auto segments = request.Segments();
  if (segments.size() < 3 || segments[0] != "api" || segments[1] != "v1" || segments[2] != "domains")
    return DesecError(404, "Not found.");
  const Json domain{{"name", kZone}, {"minimum_ttl", kDesecMinimumTtl}, {"touched", "2026-11-29T00:00:00Z"}};
  if (segments.size() == 3) {
    const std::string owned = request.Query("owns_qname");
    const bool is_ours = owned.empty() || owned.ends_with(kZone);
    return JsonAnswer(200, is_ours ? Json::array({domain}) : Json::array());
  }
  if (segments[3] != kZone) return DesecError(404, "Not found.");
  if (segments.size() == 4) return JsonAnswer(200, domain);
  if (segments[4] != "rrsets") return DesecError(404, "Not found.");
  if (!MayWrite(request) && request.method != "GET") {
    return DesecError(403, "Insufficient token permissions.");
  }
  if (segments.size() == 5) return Sets(request);
  if (segments.size() == 7 && segments[6] == "TXT") return OneSet(request, segments[5] == "@" ? "" : segments[5]);
  return DesecError(404, "Not found.");
}

Json FakeDesec::SetOf(const std::string& name) const {
  Json values = Json::array();
  for (const std::string& value : ValuesAt(name)) values.push_back(Cat('"', value, '"'));
  return {{"domain", kZone},
          {"subname", name},
          {"name", Cat(name, name.empty() ? "" : ".", kZone, ".")},
          {"type", "TXT"},
          {"ttl", std::max(kDesecMinimumTtl, TtlOf(name))},
          {"records", std::move(values)},
          {"touched", "2026-11-29T00:00:00Z"}};
}

Response FakeDesec::Sets(const ApiRequest& request) {
  if (request.method == "PATCH") return Patch(request.Body());
  if (request.method == "POST") {
    const Json one = request.Body();
    if (!ValuesAt(FindString(one, "subname").value_or("")).empty()) {
      return JsonAnswer(400, {{"non_field_errors", {"Another RRset with the same subdomain and type exists for this domain."}}});
    }
    auto patched = Patch(Json::array({one}));
    return patched.status == 200 ? JsonAnswer(201, SetOf(FindString(one, "subname").value_or(""))) : patched;
  }
  const bool wants_one = request.query.contains("subname");
  Json sets = Json::array();
  for (const std::string& name : Names()) {
    if (!wants_one || request.Query("subname") == name) sets.push_back(SetOf(name));
  }
  if (sets.size() > kDesecPageSize)
    return DesecError(400, "Pagination required. You can query up to 500 items at a time (545 total).");
  return JsonAnswer(200, sets);
}

Response FakeDesec::OneSet(const ApiRequest& request, const std::string& name) {
  if (ValuesAt(name).empty()) return DesecError(404, "Not found.");
  if (request.method == "GET") return JsonAnswer(200, SetOf(name));
  if (request.method != "PATCH") return DesecError(405, "Method not allowed.");
  Json one = SetOf(name);
  one.merge_patch(request.Body());
  auto patched = Patch(Json::array({one}));
  if (patched.status != 200) return patched;
  return ValuesAt(name).empty() ? Response{.status = 204} : JsonAnswer(200, SetOf(name));
}

// All or nothing.
Response FakeDesec::Patch(const Json& body) {
  if (!body.is_array()) return DesecError(400, "Expected a list of items.");
  Json problems = Json::array();
  bool is_good = true;
  for (const Json& set : body) {
    std::string problem;
    ReadDesecValues(set, problem);
    const auto name = FindString(set, "subname");
    if (!name || name->ends_with('.') || name->ends_with(kZone)) problem = "Subname is not valid.";
    if (FindString(set, "type") != "TXT") problem = "This field is required.";
    if (base::FindInteger(set, "ttl").value_or(0) < kDesecMinimumTtl)
      problem = "Ensure this value is greater than or equal to 3600.";
    problems.push_back(problem.empty() ? Json::object() : Json{{"non_field_errors", {problem}}});
    is_good = is_good && problem.empty();
  }
  if (!is_good) return JsonAnswer(400, problems);
  Json sets = Json::array();
  for (const Json& set : body) {
    std::string problem;
    const std::string name = *FindString(set, "subname");
    Replace(name, ReadDesecValues(set, problem), base::FindInteger(set, "ttl").value_or(kDesecMinimumTtl));
    if (!ValuesAt(name).empty()) sets.push_back(SetOf(name));
  }
  return JsonAnswer(200, sets);
}

}  // namespace tests
