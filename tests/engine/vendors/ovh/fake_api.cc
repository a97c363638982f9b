// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/ovh/fake_api.h"

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

Response OvhError(int status, const std::string& code, const std::string& message) {
  return JsonAnswer(status,
                    {{"class", status < 500 ? "Client::BadRequest" : "Server"}, {"errorCode", code}, {"message", message}});
}

Response OvhNotFound() { return OvhError(404, "", "This service does not exist"); }

// Of the request as the client sent it: a fake on loopback sees the path alone.
std::string OvhSignatureOf(const ApiRequest& request) {
  const std::string& url = request.whole->url;
  const std::string whole = url.starts_with('/') ? Cat("http://", request.Header("host"), url) : url;
  const std::string text = Cat(FakeOvh::kApplicationSecret, "+", request.Header("x-ovh-consumer"), "+", request.method, "+",
                               whole, "+", request.whole->body, "+", request.Header("x-ovh-timestamp"));
  return Cat("$1$", base::Hex(base::crypto::Digest(base::crypto::Hash::kSha1, text)));
}

}  // namespace

bool FakeOvh::is_refreshed() const {
  const std::lock_guard lock(mutex_);
  return is_refreshed_;
}

Response FakeOvh::Answer(const ApiRequest& request) {
  const auto segments = request.Segments();
  if (request.path == "/1.0/auth/time") return {.status = 200, .headers = {}, .body = Cat(1796000000)};
  if (request.Header("x-ovh-application") != kApplicationKey)
    return OvhError(403, "INVALID_KEY", "This application key is invalid");
  if (!MayRead(request)) return OvhError(403, "INVALID_CREDENTIAL", "This credential does not exist");
  if (request.Header("x-ovh-timestamp").empty()) return OvhError(400, "QUERY_TIME_OUT", "Query out of time");
  if (request.Header("x-ovh-signature") != OvhSignatureOf(request))
    return OvhError(400, "INVALID_SIGNATURE", "Invalid signature");
  if (segments.size() < 3 || segments[0] != "1.0" || segments[1] != "domain" || segments[2] != "zone") return OvhNotFound();
  // The key that may only read is one for a single zone.
  const bool is_granted = MayWrite(request) || (request.method == "GET" && segments.size() > 3);
  if (!is_granted) return OvhError(403, "NOT_GRANTED_CALL", "This call has not been granted");
  if (segments.size() == 3) return JsonAnswer(200, Json::array({kZone}));
  if (segments[3] != kZone || segments.size() < 5) return OvhNotFound();
  if (segments[4] == "status")
    return JsonAnswer(200, {{"isDeployed", true}, {"errors", Json::array()}, {"warnings", Json::array()}});
  if (segments[4] == "refresh" && request.method == "POST") {
    is_refreshed_ = true;
    return {.status = 200, .headers = {}, .body = "null"};
  }
  if (segments[4] != "record" || segments.size() > 6) return OvhNotFound();
  return Records(request, segments.size() == 6 ? segments[5] : "");
}

Response FakeOvh::Records(const ApiRequest& request, const std::string& id) {
  if (id.empty()) return request.method == "POST" ? CreateRecord(request.Body()) : List(request);
  const Txt* found = Find(id);
  if (found == nullptr) return OvhError(404, "", "The requested object (id = " + id + ") does not exist");
  if (request.method == "GET") {
    return JsonAnswer(200, {{"id", found->id},
                            {"zone", kZone},
                            {"fieldType", "TXT"},
                            {"subDomain", found->name},
                            {"target", found->value},
                            {"ttl", found->ttl}});
  }
  if (request.method != "DELETE") return OvhError(405, "", "Method not allowed");
  Erase(id);
  is_refreshed_ = false;
  return {.status = 200, .headers = {}, .body = "null"};
}

// The filter by name finds more than equal names.
Response FakeOvh::List(const ApiRequest& request) const {
  Json ids = Json::array();
  const bool wants_txt = request.Query("fieldType").empty() || request.Query("fieldType") == "TXT";
  for (const Txt& one : records_) {
    if (wants_txt && one.name.find(request.Query("subDomain")) != std::string::npos) ids.push_back(one.id);
  }
  return JsonAnswer(200, ids);
}

Response FakeOvh::CreateRecord(const Json& body) {
  const auto name = FindString(body, "subDomain");
  const auto target = FindString(body, "target");
  if (FindString(body, "fieldType") != "TXT" || !target || target->empty()) return OvhError(400, "", "Invalid target");
  if (!name || name->ends_with('.') || name->ends_with(kZone)) return OvhError(400, "", "Invalid subDomain");
  const std::int64_t ttl = base::FindInteger(body, "ttl").value_or(0);
  if (ttl != 0 && ttl < 60) return OvhError(400, "", "Invalid ttl: the minimum is 60");
  const std::string value = BetweenQuotes(*target).empty() ? *target : BetweenQuotes(*target);
  const Txt& created = Create(*name, value, ttl);
  is_refreshed_ = false;
  return JsonAnswer(
      200, {{"id", created.id}, {"zone", kZone}, {"fieldType", "TXT"}, {"subDomain", *name}, {"target", *target}, {"ttl", ttl}});
}

}  // namespace tests
