// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/hetzner/fake_api.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

Response HetznerError(int status, const std::string& code, const std::string& message) {
  return JsonAnswer(status, {{"error", {{"code", code}, {"message", message}, {"details", nullptr}}}});
}

Response HetznerNotFound(const std::string& what) { return HetznerError(404, "not_found", Cat(what, " not found")); }

Json HetznerMeta(int page, int size, std::size_t total) {
  const int last = std::max(1, (static_cast<int>(total) + size - 1) / size);
  return {{"pagination",
           {{"page", page},
            {"per_page", size},
            {"previous_page", page > 1 ? Json(page - 1) : Json()},
            {"next_page", page < last ? Json(page + 1) : Json()},
            {"last_page", last},
            {"total_entries", total}}}};
}

// The name in a path or an answer, and in the records.
std::string FromHetzner(const std::string& name) { return name == "@" ? "" : name; }
std::string ToHetzner(const std::string& name) { return name.empty() ? "@" : name; }

}  // namespace

Response FakeHetzner::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return HetznerError(401, "unauthorized", "unable to authenticate");
  if (!MayWrite(request) && request.method != "GET") {
    return HetznerError(403, "token_readonly", "token does not have write permissions");
  }
  const auto segments = request.Segments();
  if (segments.size() < 2 || segments[0] != "v1" || segments[1] != "zones") return HetznerNotFound("resource");
  const Json zone{{"id", std::stoll(kZoneId)}, {"name", kZone}, {"ttl", 3600}, {"mode", "primary"}, {"status", "ok"}};
  if (segments.size() == 2) {
    const bool is_wanted = request.Query("name").empty() || request.Query("name") == kZone;
    return JsonAnswer(200, {{"zones", is_wanted ? Json::array({zone}) : Json::array()}, {"meta", HetznerMeta(1, 25, is_wanted)}});
  }
  if (segments[2] != kZoneId && segments[2] != kZone) return HetznerNotFound("zone");
  if (segments.size() == 3) return JsonAnswer(200, {{"zone", zone}});
  if (segments[3] != "rrsets") return HetznerNotFound("resource");
  if (segments.size() == 4 && request.method == "GET") return ListSets(request);
  if (segments.size() < 6 || segments[5] != "TXT") return HetznerNotFound("rrset");
  if (segments.size() == 6 && request.method == "GET") {
    const Json set = SetOf(FromHetzner(segments[4]));
    return set.is_null() ? HetznerNotFound("rrset") : JsonAnswer(200, {{"rrset", set}});
  }
  if (segments.size() != 8 || segments[6] != "actions" || request.method != "POST") return HetznerNotFound("resource");
  if (request.Header("content-type") != "application/json") return HetznerError(400, "json_error", "invalid JSON");
  return Act(FromHetzner(segments[4]), segments[7], request.Body());
}

Json FakeHetzner::SetOf(const std::string& name) const {
  Json values = Json::array();
  for (const Txt& one : records_) {
    if (one.name == name) values.push_back({{"value", Cat('"', one.value, '"')}, {"comment", ""}});
  }
  if (values.empty()) return {};
  return {{"id", Cat(ToHetzner(name), "/TXT")},
          {"name", ToHetzner(name)},
          {"type", "TXT"},
          {"ttl", 60},
          {"labels", Json::object()},
          {"protection", {{"change", false}}},
          {"records", std::move(values)},
          {"zone", std::stoll(kZoneId)}};
}

// https://docs.hetzner.cloud/reference/cloud#pagination: 25 usually, 50 at most.
Response FakeHetzner::ListSets(const ApiRequest& request) const {
  std::set<std::string> names;
  const bool wants_all = request.Query("name").empty();
  const bool wants_txt = request.Query("type").empty() || request.Query("type") == "TXT";
  for (const Txt& one : records_) {
    if (wants_txt && (wants_all || ToHetzner(one.name) == request.Query("name"))) names.insert(one.name);
  }
  const int size = request.QueryNumber("per_page", 25);
  const int page = request.QueryNumber("page", 1);
  if (size < 1 || size > 50) return HetznerError(400, "invalid_input", "invalid input in field 'per_page'");
  Json sets = Json::array();
  int position = 0;
  for (const std::string& name : names) {
    if (position / size == page - 1) sets.push_back(SetOf(name));
    ++position;
  }
  return JsonAnswer(200, {{"rrsets", std::move(sets)}, {"meta", HetznerMeta(page, size, names.size())}});
}

bool FakeHetzner::Has(const std::string& name, const std::string& value) const {
  return std::ranges::any_of(records_, [&](const Txt& one) { return one.name == name && one.value == value; });
}

Response FakeHetzner::Act(const std::string& name, const std::string& action, const Json& body) {
  const bool adds = action == "add_records";
  if (!adds && action != "remove_records") return HetznerNotFound("action");
  const Json* list = base::FindMember(body, "records");
  const std::size_t known = adds && body.contains("ttl") ? 2 : 1;
  if (list == nullptr || !list->is_array() || list->empty() || body.size() != known) {
    return HetznerError(422, "invalid_input", "invalid input in field 'records'");
  }
  const std::int64_t ttl = base::FindInteger(body, "ttl").value_or(3600);
  if (ttl < 60) return HetznerError(422, "invalid_input", "invalid input in field 'ttl'");
  if (!adds && SetOf(name).is_null()) return HetznerNotFound("rrset");
  std::vector<std::string> values;
  for (const Json& one : *list) {
    const std::string value = BetweenQuotes(FindString(one, "value").value_or(""));
    if (value.empty()) return HetznerError(422, "invalid_input", "TXT records must be fully escaped with double quotes");
    if (Has(name, value) == adds) return HetznerError(422, "invalid_input", adds ? "duplicate value" : "no such value");
    values.push_back(value);
  }
  for (const std::string& value : values) {
    if (adds) {
      Create(name, value, ttl);
    } else {
      std::erase_if(records_, [&](const Txt& one) { return one.name == name && one.value == value; });
    }
  }
  return JsonAnswer(201, {{"action",
                           {{"id", next_action_++},
                            {"command", adds ? "add_rrset_records" : "remove_rrset_records"},
                            {"status", "running"},
                            {"progress", 50},
                            {"started", "2026-11-29T00:00:00Z"},
                            {"finished", nullptr},
                            {"resources", Json::array({Json{{"id", std::stoll(kZoneId)}, {"type", "zone"}}})},
                            {"error", nullptr}}}});
}

}  // namespace tests
