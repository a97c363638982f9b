// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/dns_made_easy/fake_api.h"

#include <algorithm>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/time_format.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

constexpr std::string_view kZoneName = "example.test";

Response DnsMadeEasyError(int status, const std::string& message) { return JsonAnswer(status, {{"error", {message}}}); }

std::string Relative(const std::string& fqdn) {
  const std::string name = fqdn.substr(0, fqdn.size() - 1);
  return name == kZoneName ? "" : name.substr(0, name.size() - kZoneName.size() - 1);
}

std::string Quoted(const std::string& value) { return value.starts_with('"') ? value : Cat("\"", value, "\""); }

Json RecordJson(std::int64_t id, const std::string& name, const std::string& value, std::int64_t ttl) {
  return {{"id", id},   {"type", "TXT"}, {"name", name},        {"value", value},
          {"ttl", ttl}, {"source", 1},   {"sourceId", 1119443}, {"gtdLocation", "DEFAULT"}};
}

}  // namespace

std::vector<std::string> FakeDnsMadeEasy::Values(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> values;
  for (const auto& [id, record] : records_) {
    if (record.name == Relative(fqdn)) values.push_back(record.value.substr(1, record.value.size() - 2));
  }
  std::sort(values.begin(), values.end());
  return values;
}

void FakeDnsMadeEasy::Add(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  records_[next_id_++] = {.name = Relative(fqdn), .value = Quoted(value), .ttl = 1800};
}

std::string FakeDnsMadeEasy::CheckSignature(const ApiRequest& request) const {
  const std::string date = request.Header("x-dnsme-requestDate");
  const auto when = base::ParseHttpDate(date);
  if (!when) return "Invalid request date";
  if (clock_ != nullptr && std::chrono::abs(clock_->Now() - *when) > std::chrono::seconds(30))
    return "Request sent with invalid date.";
  const std::string hmac = base::Hex(base::crypto::Hmac(base::crypto::Hash::kSha1, base::Secret(kSecretKey), date));
  return request.Header("x-dnsme-apiKey") == kApiKey && request.Header("x-dnsme-hmac") == hmac ? "" : "API key not found";
}

Response FakeDnsMadeEasy::Answer(const ApiRequest& request) {
  if (const std::string problem = CheckSignature(request); !problem.empty()) {
    Response refused = DnsMadeEasyError(403, problem);
    if (clock_ != nullptr) refused.headers.push_back({"Date", base::FormatHttpDate(clock_->Now())});
    return refused;
  }
  const auto segments = request.Segments();
  if (segments.size() < 3 || segments[0] != "V2.0" || segments[1] != "dns" || segments[2] != "managed")
    return {.status = 404, .headers = {}, .body = {}};
  if (segments.size() == 3) return JsonAnswer(200, {{"data", {{{"id", 1119443}, {"name", kZoneName}}}}, {"totalPages", 1}});
  if (segments[3] == "name") {
    if (request.Query("domainname") != kZoneName) return {.status = 404, .headers = {}, .body = {}};
    return JsonAnswer(200, {{"id", 1119443}, {"name", kZoneName}});
  }
  if (segments.size() == 4 && segments[3] == kZoneId) return JsonAnswer(200, {{"id", 1119443}, {"name", kZoneName}});
  if (segments[3] != kZoneId || segments.size() < 5 || segments[4] != "records")
    return {.status = 404, .headers = {}, .body = {}};
  return Records(request, {segments.begin() + 5, segments.end()});
}

Response FakeDnsMadeEasy::Records(const ApiRequest& request, const std::vector<std::string>& rest) {
  if (request.method == "GET" && rest.empty()) return List(request);
  if (request.method == "DELETE") return Delete(request, rest);
  const Json body = request.Body();
  if (request.method != "POST" || body.is_discarded()) return DnsMadeEasyError(400, "Could not read the request");
  if (rest.empty()) return Create(Json::array({body}), true);
  return rest.front() == "createMulti" && body.is_array() ? Create(body, false)
                                                          : Response{.status = 404, .headers = {}, .body = {}};
}

Response FakeDnsMadeEasy::Create(const Json& list, bool is_single) {
  if (list.size() > 200) return DnsMadeEasyError(400, "Too many records");
  const auto kept = records_;
  Json created = Json::array();
  for (const Json& one : list) {
    const auto name = base::FindString(one, "name");
    const auto value = base::FindString(one, "value");
    const auto ttl = base::FindInteger(one, "ttl");
    std::string problem;
    if (!name || name->find(kZoneName) != std::string::npos) problem = "Name is invalid";
    if (!value || !ttl || base::FindString(one, "type") != "TXT") problem = "Record is incomplete";
    for (const auto& [id, record] : records_) {
      if (problem.empty() && record.name == *name && record.value == Quoted(*value)) {
        problem = "Record with this type (TXT), name, and value already exists.";
      }
    }
    if (!problem.empty()) {
      records_ = kept;
      return DnsMadeEasyError(400, problem);
    }
    const std::int64_t id = next_id_++;
    records_[id] = {.name = *name, .value = Quoted(*value), .ttl = *ttl};
    created.push_back(RecordJson(id, *name, Quoted(*value), *ttl));
  }
  return JsonAnswer(201, is_single ? created.front() : created);
}

// recordName is no exact filter here: who trusts it deletes records of others.
Response FakeDnsMadeEasy::List(const ApiRequest& request) const {
  const auto page = static_cast<std::size_t>(request.QueryNumber("page", 0));
  Json all = Json::array();
  for (const auto& [id, record] : records_) {
    if (record.name.starts_with(request.Query("recordName")))
      all.push_back(RecordJson(id, record.name, record.value, record.ttl));
  }
  Json data = Json::array();
  for (std::size_t i = page * page_size_; i < std::min(all.size(), (page + 1) * page_size_); ++i) data.push_back(all[i]);
  return JsonAnswer(200, {{"data", data}, {"page", page}, {"totalPages", (all.size() + page_size_ - 1) / page_size_}});
}

Response FakeDnsMadeEasy::Delete(const ApiRequest& request, const std::vector<std::string>& rest) {
  std::vector<std::int64_t> ids;
  for (const std::string& id : rest) ids.push_back(std::stoll(id));
  const auto [first, last] = request.query.equal_range("ids");
  for (auto one = first; one != last; ++one) ids.push_back(std::stoll(one->second));
  if (ids.empty()) {
    records_.clear();
    return {.status = 200, .headers = {}, .body = {}};
  }
  const bool are_there = std::all_of(ids.begin(), ids.end(), [&](std::int64_t id) { return records_.contains(id); });
  if (!are_there) return {.status = 404, .headers = {}, .body = {}};
  for (const std::int64_t id : ids) records_.erase(id);
  return {.status = 200, .headers = {}, .body = {}};
}

}  // namespace tests
