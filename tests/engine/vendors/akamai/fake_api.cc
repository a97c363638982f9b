// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/akamai/fake_api.h"

#include <algorithm>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::crypto::Hash;
using base::crypto::Hmac;
using base::http::Response;

Response AkamaiError(int status, const std::string& title, const std::string& detail) {
  return JsonAnswer(
      status, {{"type", "https://problems.luna.akamaiapis.net/"}, {"title", title}, {"status", status}, {"detail", detail}});
}

// The value of "name=" in the header Authorization.
std::string AkamaiPart(const std::string& header, const std::string& name) {
  const std::size_t at = header.find(name + "=");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 1;
  return header.substr(begin, header.find(';', begin) - begin);
}

std::string AkamaiAbsolute(const std::string& name) { return Cat(name, name.empty() ? "" : ".", FakeZoneApi::kZone); }

}  // namespace

std::string FakeAkamai::FindFault(const ApiRequest& request) {
  const std::string header = request.Header("authorization");
  const std::string client_token = AkamaiPart(header, "client_token");
  if (client_token != kClientToken && client_token != kReadOnlyClientToken) return "Invalid client token";
  if (AkamaiPart(header, "access_token") != kAccessToken) return "Invalid access token";
  if (!nonces_.insert(AkamaiPart(header, "nonce")).second) return "Duplicate nonce";
  // On loopback the host is in a header, and there is no TLS.
  const std::string& url = request.whole->url;
  const std::size_t scheme = url.find("://");
  const bool is_whole = scheme != std::string::npos;
  const std::size_t path = is_whole ? url.find('/', scheme + 3) : 0;
  const std::string host = is_whole ? url.substr(scheme + 3, path - scheme - 3) : request.Header("host");
  const bool has_signed_body = request.method == "POST" && !request.whole->body.empty();
  const std::string text = Cat(request.method, "\t", is_whole ? "https" : "http", "\t", host, "\t", url.substr(path), "\t\t",
                               has_signed_body ? base::Base64(base::crypto::Sha256(request.whole->body)) : "", "\t",
                               header.substr(0, header.rfind(';') + 1));
  const base::Secret key(
      base::Base64(Hmac(Hash::kSha256, base::Secret(std::string(kClientSecret)), AkamaiPart(header, "timestamp"))));
  const bool is_right = AkamaiPart(header, "signature") == base::Base64(Hmac(Hash::kSha256, key, text));
  return is_right ? "" : "The signature does not match";
}

Response FakeAkamai::Answer(const ApiRequest& request) {
  if (const std::string fault = FindFault(request); !fault.empty()) return AkamaiError(401, "Not authorized", fault);
  const bool may_write = request.Header("authorization").find(kReadOnlyClientToken) == std::string::npos;
  if (!may_write && request.method != "GET") {
    return AkamaiError(403, "Forbidden", "The client does not have the grant needed for the request");
  }
  const auto segments = request.Segments();
  if (segments.size() < 3 || segments[0] != "config-dns" || segments[1] != "v2" || segments[2] != "zones")
    return AkamaiError(404, "Not Found", "no such resource");
  const Json zone{{"zone", kZone}, {"type", "PRIMARY"}, {"contractId", "C-1"}};
  if (segments.size() == 3) return JsonAnswer(200, {{"metadata", {{"totalElements", 1}}}, {"zones", Json::array({zone})}});
  if (segments[3] != kZone) return AkamaiError(404, "Not Found", Cat("Zone ", segments[3], " does not exist."));
  if (segments.size() == 4) return JsonAnswer(200, zone);
  if (segments.size() == 5 && segments[4] == "recordsets") {
    // Without showAll, a page of 25.
    Json sets = Json::array();
    for (const std::string& name : Names()) {
      if (request.Query("showAll") == "true" || sets.size() < 25) sets.push_back(SetOf(name));
    }
    return JsonAnswer(200, {{"metadata", {{"totalElements", Names().size()}}}, {"recordsets", std::move(sets)}});
  }
  const std::string suffix = Cat(".", kZone);
  if (segments.size() != 8 || segments[4] != "names" || segments[6] != "types" || segments[7] != "TXT")
    return AkamaiError(404, "Not Found", "no such resource");
  if (segments[5] == kZone) return OneSet(request, "");
  if (!segments[5].ends_with(suffix)) return AkamaiError(400, "Bad Request", "The name is not in the zone.");
  return OneSet(request, segments[5].substr(0, segments[5].size() - suffix.size()));
}

Json FakeAkamai::SetOf(const std::string& name) const {
  Json values = Json::array();
  for (const std::string& value : ValuesAt(name)) values.push_back(Cat('"', value, '"'));
  return {{"name", AkamaiAbsolute(name)}, {"type", "TXT"}, {"ttl", TtlOf(name)}, {"rdata", std::move(values)}};
}

Response FakeAkamai::OneSet(const ApiRequest& request, const std::string& name) {
  const bool is_there = !ValuesAt(name).empty();
  if (request.method != "POST" && !is_there) return AkamaiError(404, "Not Found", "The record set does not exist.");
  if (request.method == "GET") return JsonAnswer(200, SetOf(name));
  if (request.method == "DELETE") {
    Replace(name, {}, 0);
    return {.status = 204};
  }
  if (request.method != "POST" && request.method != "PUT") return AkamaiError(405, "Method Not Allowed", "method");
  if (request.method == "POST" && is_there) return AkamaiError(409, "Conflict", "The record set exists already.");
  const Json body = request.Body();
  const std::int64_t ttl = base::FindInteger(body, "ttl").value_or(0);
  if (FindString(body, "name") != AkamaiAbsolute(name) || FindString(body, "type") != "TXT" || ttl < 30)
    return AkamaiError(400, "Bad Request", "Invalid record set.");
  std::vector<std::string> values;
  for (const std::string& text : base::FindStrings(body, "rdata")) values.push_back(BetweenQuotes(text));
  if (values.empty() || std::ranges::count(values, "") != 0) return AkamaiError(400, "Bad Request", "Invalid rdata.");
  Replace(name, values, ttl);
  return JsonAnswer(request.method == "POST" ? 201 : 200, SetOf(name));
}

}  // namespace tests
