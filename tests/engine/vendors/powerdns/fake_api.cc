// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/powerdns/fake_api.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace tests {
namespace {

using base::Json;
using base::http::Response;

Response Plain(int status, const std::string& text) { return {.status = status, .headers = {}, .body = text}; }

}  // namespace

std::vector<std::string> FakePowerdns::Values(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  const auto found = sets_.find(fqdn);
  std::vector<std::string> values = found == sets_.end() ? std::vector<std::string>() : found->second;
  for (std::string& value : values) value = value.substr(1, value.size() - 2);
  std::sort(values.begin(), values.end());
  return values;
}

void FakePowerdns::Add(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  sets_[fqdn].push_back(base::Cat("\"", value, "\""));
}

Response FakePowerdns::Answer(const ApiRequest& request) {
  if (request.Header("x-api-key") != kKey) return Plain(401, "Unauthorized");
  const std::string zone = base::Cat("/api/v1/servers/localhost/zones/", kZone);
  if (request.path == "/api/v1/servers/localhost" && request.method == "GET") return JsonAnswer(200, {{"id", "localhost"}});
  if (request.path == zone + "/notify" && request.method == "PUT") return JsonAnswer(200, {{"result", "Notification queued"}});
  if (request.path == zone && request.method == "PATCH") return Patch(request.Body());
  return Plain(404, "Not Found");
}

Response FakePowerdns::Patch(const Json& body) {
  const Json* rrsets = body.is_discarded() ? nullptr : base::FindMember(body, "rrsets");
  if (rrsets == nullptr || !rrsets->is_array()) return JsonAnswer(422, {{"error", "No rrsets given in update request"}});
  const auto kept = sets_;
  std::set<std::string> seen;
  for (const Json& rrset : *rrsets) {
    const std::string name = base::FindString(rrset, "name").value_or("");
    std::string error = Change(rrset);
    if (!seen.insert(name).second) error = base::Cat("Duplicate RRset ", name, " IN TXT");
    if (error.empty()) continue;
    sets_ = kept;
    return JsonAnswer(422, {{"error", error}});
  }
  return Plain(204, "");
}

std::string FakePowerdns::Change(const Json& rrset) {
  const std::string name = base::FindString(rrset, "name").value_or("");
  const std::string what = base::FindString(rrset, "changetype").value_or("");
  if (name != kZone && !name.ends_with(base::Cat(".", kZone))) return base::Cat("RRset ", name, " IN TXT: Name is out of zone");
  if (what != "EXTEND" && what != "PRUNE") return "Changetype not understood";
  if (!base::FindInteger(rrset, "ttl")) return "Key 'ttl' not an Integer or not present";
  const Json* records = base::FindMember(rrset, "records");
  if (records == nullptr || records->size() != 1) return "Exactly one record should be provided";
  const std::string content = base::FindString(records->front(), "content").value_or("");
  if (!content.starts_with('"') || !content.ends_with('"'))
    return "Record TXT: Parsing record content: Data field in DNS should start with quote";
  std::vector<std::string>& set = sets_[name];
  const auto found = std::find(set.begin(), set.end(), content);
  if (what == "PRUNE" && found != set.end()) set.erase(found);
  if (what == "EXTEND" && found == set.end()) set.push_back(content);
  return "";
}

}  // namespace tests
