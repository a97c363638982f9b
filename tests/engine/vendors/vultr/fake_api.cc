// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/vultr/fake_api.h"

#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

Response VultrError(int status, const std::string& message) {
  return JsonAnswer(status, {{"error", message}, {"status", status}});
}

Json VultrLinks(std::size_t total, const std::string& next) {
  return {{"total", total}, {"links", {{"next", next}, {"prev", ""}}}};
}

}  // namespace

Response FakeVultr::Answer(const ApiRequest& request) {
  if (!MayRead(request)) return VultrError(401, "Invalid API token.");
  if (!MayWrite(request) && request.method != "GET") return VultrError(403, "Unauthorized. You do not have the DNS permission.");
  const auto segments = request.Segments();
  if (segments.size() < 2 || segments[0] != "v2" || segments[1] != "domains") return VultrError(404, "Invalid resource.");
  const Json domain{{"domain", kZone}, {"dns_sec", "disabled"}, {"date_created", "2026-11-29T00:00:00+00:00"}};
  if (segments.size() == 2) return JsonAnswer(200, {{"domains", Json::array({domain})}, {"meta", VultrLinks(1, "")}});
  if (segments[2] != kZone) return VultrError(404, "Invalid domain.");
  if (segments.size() == 3) return JsonAnswer(200, {{"domain", domain}});
  if (segments[3] != "records" || segments.size() > 5) return VultrError(404, "Invalid resource.");
  return Records(request, segments.size() == 5 ? segments[4] : "");
}

// https://www.vultr.com/api/#section/Introduction/Meta-and-Pagination: 500 at most; the cursor is opaque.
Response FakeVultr::Records(const ApiRequest& request, const std::string& id) {
  if (id.empty() && request.method == "POST") return CreateRecord(request.Body());
  if (!id.empty()) {
    if (request.method != "DELETE") return VultrError(405, "Method not allowed.");
    return Erase(id) ? Response{.status = 204} : VultrError(404, "Invalid record.");
  }
  const auto size = static_cast<std::size_t>(request.QueryNumber("per_page", 100));
  if (size > 500) return VultrError(400, "per_page must be 500 or less.");
  const auto cursor = base::FromBase64(request.Query("cursor"));
  const std::size_t first = cursor && cursor->starts_with("next__") ? std::stoul(cursor->substr(6)) : 0;
  Json data = Json::array();
  for (std::size_t i = first; i < std::min(records_.size(), first + size); ++i) {
    const Txt& one = records_[i];
    data.push_back({{"id", Cat(one.id)},
                    {"type", "TXT"},
                    {"name", one.name},
                    {"data", Cat('"', one.value, '"')},
                    {"priority", 0},
                    {"ttl", one.ttl}});
  }
  const bool has_more = first + size < records_.size();
  const std::string next = has_more ? base::Base64(Cat("next__", first + size)) : "";
  return JsonAnswer(200, {{"records", std::move(data)}, {"meta", VultrLinks(records_.size(), next)}});
}

Response FakeVultr::CreateRecord(const Json& body) {
  const auto name = FindString(body, "name");
  const std::string value = BetweenQuotes(FindString(body, "data").value_or(""));
  if (FindString(body, "type") != "TXT") return VultrError(400, "Invalid record type.");
  if (value.empty()) return VultrError(400, "TXT records must be enclosed in quotes.");
  if (!name || name->ends_with('.') || name->ends_with(kZone)) return VultrError(400, "Invalid record name.");
  const std::int64_t ttl = base::FindInteger(body, "ttl").value_or(300);
  if (ttl < 60) return VultrError(400, "The TTL must be 60 or more.");
  const Txt& created = Create(*name, value, ttl);
  return JsonAnswer(201, {{"record",
                           {{"id", Cat(created.id)},
                            {"type", "TXT"},
                            {"name", *name},
                            {"data", Cat('"', value, '"')},
                            {"priority", 0},
                            {"ttl", ttl}}}});
}

}  // namespace tests
