// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/google/fake_api.h"

#include <algorithm>
#include <atomic>

#include "base/crypto/key.h"
#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

constexpr const char* kTokenUrl = "https://oauth2.googleapis.com/token";
constexpr const char* kExchangeUrl = "https://sts.googleapis.com/v1/token";

const base::crypto::PrivateKey& Key() {
  static const auto key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kRsa2048);
  return key;
}

Response RefuseAtGoogle(int status, const std::string& error, const std::string& description) {
  return JsonAnswer(status, {{"error", error}, {"error_description", description}});
}

Response GoogleError(int status, const std::string& reason, const std::string& message) {
  return JsonAnswer(status, {{"error",
                              {{"code", status},
                               {"message", message},
                               {"errors", Json::array({{{"message", message}, {"domain", "global"}, {"reason", reason}}})}}}});
}

std::map<std::string, std::string> GoogleForm(const ApiRequest& request) {
  std::map<std::string, std::string> fields;
  for (const std::string& pair : base::Split(request.whole->body, '&')) {
    const auto equals = std::min(pair.find('='), pair.size() - 1);
    std::string value;
    for (std::size_t i = equals + 1; i < pair.size(); ++i) {
      if (pair[i] == '%') {
        value.append(*base::FromHex(pair.substr(i + 1, 2)));
        i += 2;
      } else {
        value.push_back(pair[i]);
      }
    }
    fields[pair.substr(0, equals)] = value;
  }
  return fields;
}

// Empty, or what is wrong (RFC 7523 section 3).
std::string CheckGoogleAssertion(const std::string& assertion) {
  const auto parts = base::Split(assertion, '.');
  if (parts.size() != 3) return "Invalid JWT";
  const Json claims = Json::parse(base::FromBase64Url(parts[1]).value_or(""), nullptr, false);
  const Json header = Json::parse(base::FromBase64Url(parts[0]).value_or(""), nullptr, false);
  if (base::FindString(claims, "iss") != FakeGoogle::kEmail) return "Invalid grant: account not found";
  // RS256 is deterministic: the same key makes the same signature.
  const auto signature = base::crypto::SignJws(Key(), Cat(parts[0], ".", parts[1]));
  if (base::FindString(header, "alg") != "RS256" || base::Base64Url(*signature) != parts[2]) return "Invalid JWT Signature.";
  const auto lifetime = base::FindInteger(claims, "exp").value_or(0) - base::FindInteger(claims, "iat").value_or(0);
  if (base::FindString(claims, "aud") != kTokenUrl || lifetime <= 0 || lifetime > 3600) return "Invalid JWT: aud, iat or exp";
  return base::FindString(claims, "scope") ? "" : "Invalid OAuth scope";
}

std::string Unquoted(const std::string& value) { return value.substr(1, value.size() - 2); }

// The values of a set. One without quotes is the same as one with them: lego deletes its values so.
std::vector<std::string> GoogleQuoted(const Json& set) {
  auto values = base::FindStrings(set, "rrdatas");
  for (std::string& value : values) {
    if (!value.starts_with('"')) value = Cat("\"", value, "\"");
  }
  return values;
}

Json GoogleJson(const std::string& name, std::int64_t ttl, const std::vector<std::string>& rrdatas) {
  return {{"kind", "dns#resourceRecordSet"},  {"name", name}, {"type", "TXT"}, {"ttl", ttl}, {"rrdatas", rrdatas},
          {"signatureRrdatas", Json::array()}};
}

}  // namespace

std::string FakeGoogle::KeyFile(const std::string& email) {
  return Json{{"type", "service_account"},
              {"project_id", kProject},
              {"private_key_id", "0123456789abcdef"},
              {"private_key", Key().ToPem().Reveal()},
              {"client_email", email},
              {"token_uri", kTokenUrl}}
      .dump();
}

std::string FakeGoogle::FederationFile() {
  return Json{{"type", "external_account"},
              {"audience", "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x"},
              {"subject_token_type", "urn:ietf:params:oauth:token-type:jwt"},
              {"token_url", kExchangeUrl},
              {"credential_source",
               {{"url", "https://ci.test/token"},
                {"headers", {{"Authorization", "bearer ci"}}},
                {"format", {{"type", "json"}, {"subject_token_field_name", "value"}}}}}}
      .dump();
}

std::vector<std::string> FakeGoogle::Values(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  const auto found = sets_.find(fqdn);
  std::vector<std::string> values;
  if (found == sets_.end()) return values;
  for (const std::string& value : found->second.rrdatas) values.push_back(Unquoted(value));
  std::sort(values.begin(), values.end());
  return values;
}

std::int64_t FakeGoogle::Ttl(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  return sets_.at(fqdn).ttl;
}

void FakeGoogle::Add(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  sets_[fqdn].ttl = 1234;
  sets_[fqdn].rrdatas.push_back(Cat("\"", value, "\""));
}

void FakeGoogle::OvertakeNext(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  overtaken_name_ = fqdn;
  overtaking_value_ = value;
}

std::size_t FakeGoogle::CountTokens() const {
  std::lock_guard lock(mutex_);
  return next_token_ - 1;
}

void FakeGoogle::RevokeTokens() {
  const std::lock_guard lock(mutex_);
  tokens_.clear();
}

// No two fakes of a process give out the same one: credentials are shared beyond a test.
std::string FakeGoogle::NewToken() {
  static std::atomic<int> serial = 0;
  ++next_token_;
  return *tokens_.insert(Cat("ya29.token-canary-", ++serial)).first;
}

Response FakeGoogle::Answer(const ApiRequest& request) {
  const std::string& url = request.whole->url;
  if (url == kTokenUrl || url == kExchangeUrl) return Token(request);
  if (url.starts_with("https://iamcredentials.googleapis.com/")) return Impersonate(request);
  if (url == "https://ci.test/token") {
    return request.Header("authorization") == "bearer ci" ? JsonAnswer(200, {{"value", kForeignToken}})
                                                          : Response{.status = 401, .headers = {}, .body = {}};
  }
  if (url.starts_with("http://metadata.google.internal/")) {
    if (request.whole->proxies != base::http::Proxies::kBypassed) return {.status = 502, .headers = {}, .body = "a proxy's"};
    if (request.Header("metadata-flavor") != "Google") return {.status = 403, .headers = {}, .body = {}};
    return JsonAnswer(200, {{"access_token", NewToken()}, {"expires_in", 3599}, {"token_type", "Bearer"}});
  }
  const std::string bearer = request.Header("authorization");
  if (!bearer.starts_with("Bearer ") || !tokens_.contains(bearer.substr(7))) {
    return GoogleError(401, "authError", "Request had invalid authentication credentials.");
  }
  return Dns(request);
}

Response FakeGoogle::Token(const ApiRequest& request) {
  auto form = GoogleForm(request);
  if (request.method != "POST" || request.Header("content-type") != "application/x-www-form-urlencoded") {
    return RefuseAtGoogle(400, "invalid_request", "Bad request");
  }
  if (form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer") {
    const std::string problem = CheckGoogleAssertion(form["assertion"]);
    if (!problem.empty()) return RefuseAtGoogle(400, "invalid_grant", problem);
  } else if (form["subject_token"] != kForeignToken || form["audience"].empty() ||
             form["subject_token_type"] != "urn:ietf:params:oauth:token-type:jwt") {
    return RefuseAtGoogle(400, "invalid_grant", "The subject token is invalid.");
  }
  return JsonAnswer(200, {{"access_token", NewToken()}, {"expires_in", 3599}, {"token_type", "Bearer"}});
}

Response FakeGoogle::Impersonate(const ApiRequest& request) {
  const std::string bearer = request.Header("authorization");
  if (bearer.size() < 8 || !tokens_.contains(bearer.substr(7))) return GoogleError(401, "authError", "Invalid credentials");
  const Json body = request.Body();
  const bool is_whole = base::FindStrings(body, "scope").size() == 1 && base::FindString(body, "lifetime") == "3600s";
  if (!is_whole) return GoogleError(400, "badRequest", "Request contains an invalid argument.");
  if (!request.path.ends_with(Cat("/", kImpersonated, ":generateAccessToken"))) {
    return GoogleError(403, "forbidden",
                       "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).");
  }
  return JsonAnswer(200, {{"accessToken", NewToken()}, {"expireTime", "2036-01-02T03:04:05Z"}});
}

Response FakeGoogle::Dns(const ApiRequest& request) {
  const std::string zones = Cat("/dns/v1/projects/", kProject, "/managedZones");
  if (request.path == "/dns/v1/projects/not-enabled/managedZones") {
    return GoogleError(403, "accessNotConfigured", "Cloud DNS API has not been used in project 1 before or it is disabled.");
  }
  if (!request.path.starts_with(zones)) return GoogleError(403, "forbidden", "Forbidden");
  if (request.path == zones) {
    Json all = Json::array();
    for (const auto& [name, dns, visibility] :
         {std::tuple(kZone, "example.test.", "public"), std::tuple("example-inside", "example.test.", "private"),
          std::tuple("inside", "inside.test.", "private"), std::tuple("one", "twice.test.", "public"),
          std::tuple("two", "twice.test.", "public")}) {
      if (request.Query("dnsName") == dns) all.push_back({{"name", name}, {"dnsName", dns}, {"visibility", visibility}});
    }
    return JsonAnswer(200, {{"managedZones", all}});
  }
  const std::string zone = Cat(zones, "/", kZone);
  if (request.path == zone) return JsonAnswer(200, {{"name", kZone}, {"dnsName", "example.test."}, {"visibility", "public"}});
  if (request.path == zone + "/changes" && request.method == "POST") return Change(request.Body());
  if (request.path == zone + "/changes/1") return JsonAnswer(200, {{"id", "1"}, {"status", "done"}});
  if (request.path != zone + "/rrsets")
    return GoogleError(404, "notFound", "The 'parameters.managedZone' resource does not exist.");
  Json found = Json::array();
  const auto set = sets_.find(request.Query("name"));
  if (set != sets_.end()) found.push_back(GoogleJson(set->first, set->second.ttl, set->second.rrdatas));
  return JsonAnswer(200, {{"rrsets", found}});
}

Response FakeGoogle::Change(const Json& body) {
  const Json none = Json::array();
  const Json* given_additions = base::FindMember(body, "additions");
  const Json* given_deletions = base::FindMember(body, "deletions");
  const Json& additions = given_additions == nullptr ? none : *given_additions;
  const Json& deletions = given_deletions == nullptr ? none : *given_deletions;
  if (additions.empty() && deletions.empty()) return GoogleError(400, "required", "The 'entity.change' parameter is required.");
  if (!overtaken_name_.empty()) {
    sets_[overtaken_name_].ttl = 1234;
    sets_[overtaken_name_].rrdatas.push_back(Cat("\"", overtaking_value_, "\""));
    overtaken_name_.clear();
  }
  auto next = sets_;
  for (const Json& one : deletions) {
    const auto found = next.find(one.at("name"));
    const std::string what = Cat("'entity.change.deletions[0]' resource named '", one.at("name").get<std::string>(), " (TXT)'");
    if (found == next.end()) return GoogleError(404, "notFound", Cat("The ", what, " does not exist."));
    if (found->second.rrdatas != GoogleQuoted(one) || found->second.ttl != one.at("ttl")) {
      return GoogleError(412, "conditionNotMet", "Precondition not met for 'entity.change.deletions[0]'");
    }
    next.erase(found);
  }
  for (const Json& one : additions) {
    const std::string name = one.at("name");
    if (!name.ends_with("example.test."))
      return GoogleError(400, "invalid", Cat("Invalid value for 'entity.change.additions[0].name': '", name, "'"));
    const auto rrdatas = GoogleQuoted(one);
    if (rrdatas.empty()) return GoogleError(400, "invalid", "Invalid value for 'entity.change.additions[0].rrdata[0]'");
    if (!next.emplace(name, Set{.ttl = one.at("ttl"), .rrdatas = rrdatas}).second) {
      return GoogleError(409, "alreadyExists",
                         Cat("The resource 'entity.change.additions[0]' named '", name, " (TXT)' already exists"));
    }
  }
  sets_ = std::move(next);
  return JsonAnswer(200, {{"id", "1"}, {"status", "pending"}});
}

}  // namespace tests
