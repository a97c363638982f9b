// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/cloudflare/fake_api.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

struct KnownZone {
  const char* id;
  const char* name;
  const char* status;
};
constexpr std::array kCloudflareZones{
    KnownZone{FakeCloudflare::kZoneId, "example.test", "active"},
    KnownZone{FakeCloudflare::kTwinId, "twice.test", "active"},
    KnownZone{FakeCloudflare::kOtherTwinId, "twice.test", "active"},
    KnownZone{"cccccccccccccccccccccccccccccccc", "moved.test", "moved"},
    KnownZone{"dddddddddddddddddddddddddddddddd", "moved.test", "active"},
};

Response CloudflareGood(Json result) {
  return JsonAnswer(200,
                    {{"success", true}, {"errors", Json::array()}, {"messages", Json::array()}, {"result", std::move(result)}});
}

Response CloudflareError(int status, int code, const std::string& message) {
  Json error{{"code", code}, {"message", message}};
  return JsonAnswer(status,
                    {{"success", false}, {"errors", Json::array({error})}, {"messages", Json::array()}, {"result", nullptr}});
}

std::string CloudflareUnquoted(const std::string& content) {
  return content.starts_with('"') ? content.substr(1, content.size() - 2) : content;
}

const KnownZone* FindZone(const std::string& id) {
  const auto found =
      std::find_if(kCloudflareZones.begin(), kCloudflareZones.end(), [&](const KnownZone& zone) { return zone.id == id; });
  return found == kCloudflareZones.end() ? nullptr : &*found;
}

// The token behind the credentials; empty when they are wrong. The global key counts as kToken.
std::string TokenOf(const ApiRequest& request) {
  if (request.Header("x-auth-key") == FakeCloudflare::kGlobalKey && request.Header("x-auth-email") == FakeCloudflare::kEmail) {
    return request.Header("authorization").empty() ? FakeCloudflare::kToken : "";
  }
  const std::string bearer = request.Header("authorization");
  for (const char* token :
       {FakeCloudflare::kToken, FakeCloudflare::kZoneToken, FakeCloudflare::kAccountToken, FakeCloudflare::kExpiredToken}) {
    if (bearer == Cat("Bearer ", token)) return token;
  }
  return "";
}

Response Verify(const std::string& token) {
  if (token == FakeCloudflare::kAccountToken) return CloudflareError(401, 1000, "Invalid API Token");
  return CloudflareGood(
      {{"id", "ed17574386854bf78a67040be0a770b0"}, {"status", token == FakeCloudflare::kExpiredToken ? "expired" : "active"}});
}

}  // namespace

std::vector<std::string> FakeCloudflare::Values(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> values;
  for (const auto& [id, record] : records_) {
    if (record.name + "." == fqdn) values.push_back(CloudflareUnquoted(record.content));
  }
  std::sort(values.begin(), values.end());
  return values;
}

void FakeCloudflare::Add(const std::string& fqdn, const std::string& content) {
  std::lock_guard lock(mutex_);
  const std::string id = Cat("foreign", next_id_++);
  records_[id] = {.id = id, .zone = kZoneId, .name = fqdn.substr(0, fqdn.size() - 1), .content = content, .ttl = 60};
}

Response FakeCloudflare::Answer(const ApiRequest& request) {
  const std::string token = TokenOf(request);
  if (token.empty() && request.path.ends_with("/verify")) return CloudflareError(401, 1000, "Invalid API Token");
  if (token.empty() && !request.Header("x-auth-key").empty())
    return CloudflareError(403, 9103, "Unknown X-Auth-Key or X-Auth-Email");
  if (token.empty()) return CloudflareError(403, 9109, "Invalid access token");
  const auto segments = request.Segments();
  if (segments.size() < 3 || segments[0] != "client" || segments[1] != "v4")
    return CloudflareError(404, 7000, "No route for that URI");
  if (request.path == "/client/v4/user/tokens/verify") return Verify(token);
  if (request.path == "/client/v4/user") return CloudflareGood({{"id", "7c5dae5552338874e5053f2534d2767a"}, {"email", kEmail}});
  if (segments[2] != "zones") return CloudflareError(404, 7000, "No route for that URI");
  if (segments.size() == 3) return Zones(request, token);
  if (token == kExpiredToken) return CloudflareError(403, 10000, "Authentication error");
  const KnownZone* zone = FindZone(segments[3]);
  if (segments.size() == 4 && zone != nullptr) {
    return token == kZoneToken ? CloudflareError(403, 9109, "Unauthorized to access requested resource")
                               : CloudflareGood({{"id", zone->id}, {"name", zone->name}, {"status", zone->status}});
  }
  if (segments.size() < 5 || segments[4] != "dns_records" || zone == nullptr) {
    return CloudflareError(404, 7003, Cat("Could not route to ", request.path, ", perhaps your object identifier is invalid?"));
  }
  if (token == kZoneToken && segments[3] != kZoneId) return CloudflareError(403, 10000, "Authentication error");
  return Records(request, segments[3], segments.size() > 5 ? segments[5] : "");
}

Response FakeCloudflare::Zones(const ApiRequest& request, const std::string& token) const {
  if (token == kExpiredToken) return CloudflareError(403, 9109, "Unauthorized to access requested resource");
  const int size = request.QueryNumber("per_page", 20);
  if (size < 5 || size > 50) return CloudflareError(400, 1003, "Invalid per_page");
  Json zones = Json::array();
  for (const KnownZone& zone : kCloudflareZones) {
    if (token == kZoneToken || (!request.Query("name").empty() && request.Query("name") != zone.name)) continue;
    zones.push_back({{"id", zone.id}, {"name", zone.name}, {"status", zone.status}});
  }
  return CloudflareGood(std::move(zones));
}

Response FakeCloudflare::Records(const ApiRequest& request, const std::string& zone, const std::string& rest) {
  if (request.method == "GET" && rest.empty()) return List(request, zone);
  if (request.method == "DELETE" && !rest.empty()) {
    if (records_.erase(rest) == 0) return CloudflareError(404, 81044, "Record does not exist.");
    return CloudflareGood({{"id", rest}});
  }
  if (request.method != "POST") return CloudflareError(405, 10405, "Method not allowed for this authentication scheme");
  if (request.Header("content-type") != "application/json") return CloudflareError(415, 6003, "Invalid request headers");
  const Json body = request.Body();
  if (body.is_discarded()) return CloudflareError(400, 9207, "Request body is invalid.");
  if (rest == "batch") return Batch(body, zone);
  Response error;
  Json record = Create(body, zone, error);
  return error.status == 0 ? CloudflareGood(std::move(record)) : error;
}

Response FakeCloudflare::List(const ApiRequest& request, const std::string& zone) const {
  const std::string name = request.Query("name");
  const std::string content = request.Query("content");
  const int size = request.QueryNumber("per_page", 100);
  const int page = request.QueryNumber("page", 1);
  Json found = Json::array();
  int count = 0;
  for (const auto& [id, record] : records_) {
    const bool is_meant = record.zone == zone && (name.empty() || record.name == name) &&
                          (content.empty() || CloudflareUnquoted(record.content) == CloudflareUnquoted(content));
    if (!is_meant || count++ < (page - 1) * size || static_cast<int>(found.size()) >= size) continue;
    found.push_back({{"id", id}, {"type", "TXT"}, {"name", record.name}, {"content", record.content}, {"ttl", record.ttl}});
  }
  return JsonAnswer(200, {{"success", true},
                          {"errors", Json::array()},
                          {"result", std::move(found)},
                          {"result_info", {{"page", page}, {"total_pages", (count + size - 1) / size}, {"total_count", count}}}});
}

// https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes: one transaction, 200 records on the free
// plan.
Response FakeCloudflare::Batch(const Json& body, const std::string& zone) {
  const auto kept = records_;
  std::size_t count = 0;
  Response error;
  Json deleted = Json::array();
  Json posted = Json::array();
  if (!body.is_object()) return CloudflareError(400, 9207, "Request body is invalid.");
  for (const Json& one : body.value("deletes", Json::array())) {
    ++count;
    if (records_.erase(one.at("id")) == 0) error = CloudflareError(404, 81044, "Record does not exist.");
    deleted.push_back({{"id", one.at("id")}});
  }
  for (const Json& one : body.value("posts", Json::array())) {
    ++count;
    posted.push_back(Create(one, zone, error));
    if (error.status != 0) break;
  }
  if (count > 200) error = CloudflareError(400, 81400, "Batch exceeds the limit of 200 changes.");
  if (count == 0) error = CloudflareError(400, 9207, "Request body is invalid.");
  if (error.status != 0) {
    records_ = kept;
    return error;
  }
  return CloudflareGood({{"deletes", deleted}, {"patches", Json::array()}, {"puts", Json::array()}, {"posts", posted}});
}

Json FakeCloudflare::Create(const Json& body, const std::string& zone, Response& error) {
  const auto name = base::FindString(body, "name");
  const auto content = base::FindString(body, "content");
  const auto ttl = base::FindInteger(body, "ttl").value_or(1);
  if (!name || !content || base::FindString(body, "type") != "TXT") {
    error = CloudflareError(400, 9005, "DNS Validation Error");
    return nullptr;
  }
  if (ttl != 1 && (ttl < 60 || ttl > 86400)) {
    error = CloudflareError(400, 9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.");
    return nullptr;
  }
  const std::string apex = FindZone(zone)->name;
  const std::string whole = *name == apex || name->ends_with("." + apex) ? *name : *name + "." + apex;
  for (const auto& [id, record] : records_) {
    if (record.zone == zone && record.name == whole && CloudflareUnquoted(record.content) == CloudflareUnquoted(*content)) {
      error = CloudflareError(400, 81058, "An identical record already exists.");
      return nullptr;
    }
  }
  const std::string id = Cat("record", next_id_++);
  records_[id] = {.id = id, .zone = zone, .name = whole, .content = *content, .ttl = ttl};
  return {{"id", id}, {"type", "TXT"}, {"name", whole}, {"content", *content}, {"ttl", ttl}};
}

}  // namespace tests
