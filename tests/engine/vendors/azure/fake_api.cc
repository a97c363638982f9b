// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/azure/fake_api.h"

#include <algorithm>

#include "base/crypto/certificate.h"
#include "base/crypto/digest.h"
#include "base/crypto/key.h"
#include "base/encoding.h"
#include "base/text.h"
#include "tests/support/test_certificate.h"

namespace tests {
namespace {

using base::Cat;
using base::FindString;
using base::Json;
using base::http::Response;

// https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-dns-limits
constexpr std::size_t kMostValues = 20;

const TestCertificate& Known() {
  static const auto certificate =
      MakeTestCertificate({.common_name = "certwright", .key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kRsa2048)});
  return certificate;
}

// Entra's way: the code leads, and ids follow in the same line or in more of them.
Response RefuseAtAzure(int status, const std::string& error, const std::string& code, const std::string& text) {
  return JsonAnswer(status, {{"error", error},
                             {"error_description", Cat("AADSTS", code, ": ", text,
                                                       " Trace ID: 0a1b2c3d-0000 Correlation ID: 4e5f-0000 Timestamp: 2026-01-02 "
                                                       "03:04:05Z\r\nanother line")},
                             {"error_codes", Json::array({std::stoi(code)})}});
}

Response AzureError(int status, const std::string& code, const std::string& message) {
  return JsonAnswer(status, {{"error", {{"code", code}, {"message", message}}}});
}

std::map<std::string, std::string> Form(const ApiRequest& request) {
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

// Empty, or what is wrong.
std::string CheckAssertion(const std::string& assertion, const std::string& url) {
  const auto parts = base::Split(assertion, '.');
  if (parts.size() != 3) return "assertion is malformed";
  const Json header = Json::parse(base::FromBase64Url(parts[0]).value_or(""), nullptr, false);
  const Json claims = Json::parse(base::FromBase64Url(parts[1]).value_or(""), nullptr, false);
  const std::string der = (*base::crypto::ParseChain(Known().pem)).front().der;
  const bool is_known = FindString(header, "x5t") == base::Base64Url(base::crypto::Digest(base::crypto::Hash::kSha1, der)) &&
                        FindString(header, "x5t#S256") == base::Base64Url(base::crypto::Sha256(der));
  if (FindString(header, "alg") != "RS256" || !is_known) return "certificate is not registered";
  // RS256 is deterministic: the same key makes the same signature.
  const auto signature = base::crypto::SignJws(Known().key, Cat(parts[0], ".", parts[1]));
  if (base::Base64Url(*signature) != parts[2]) return "signature is wrong";
  const bool is_same = FindString(claims, "iss") == FakeAzure::kClient && FindString(claims, "sub") == FakeAzure::kClient;
  if (!is_same || FindString(claims, "aud") != url || FindString(claims, "jti").value_or("").empty()) return "claims are wrong";
  const auto lifetime = base::FindInteger(claims, "exp").value_or(0) - base::FindInteger(claims, "nbf").value_or(0);
  return lifetime > 0 && lifetime <= 86400 ? "" : "lifetime is wrong";
}

std::string RelativeName(const std::string& fqdn) {
  const std::string apex = "example.test.";
  return fqdn == apex ? "@" : fqdn.substr(0, fqdn.size() - apex.size() - 1);
}

// Empty, or what is wrong.
std::string CheckProperties(const Json& body) {
  const Json* properties = base::FindMember(body, "properties");
  if (properties == nullptr || !base::FindInteger(*properties, "TTL")) return "The TTL is missing.";
  const Json* records = base::FindMember(*properties, "TXTRecords");
  if (records == nullptr || !records->is_array() || records->empty()) return "The record set has no records.";
  if (records->size() > kMostValues) return "The record set has too many records.";
  std::set<std::string> seen;
  for (const Json& record : *records) {
    const auto pieces = base::FindStrings(record, "value");
    const bool fits = std::all_of(pieces.begin(), pieces.end(), [](const auto& piece) { return piece.size() <= 255; });
    if (pieces.empty() || !fits) return "A TXT record is malformed.";
    if (!seen.insert(base::Join(pieces, "")).second) return "The record set holds the same record twice.";
  }
  return "";
}

}  // namespace

std::string FakeAzure::CertificatePem() { return Cat(Known().pem, Known().key.ToPem().Reveal()); }

std::string FakeAzure::StrangersPem() {
  static const auto stranger =
      MakeTestCertificate({.common_name = "stranger", .key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kRsa2048)});
  return Cat(stranger.key.ToPem().Reveal(), stranger.pem);
}

std::vector<std::string> FakeAzure::Values(const std::string& fqdn) const {
  const Json properties = Properties(fqdn);
  std::vector<std::string> values;
  if (properties.is_null()) return values;
  for (const Json& record : properties["TXTRecords"]) values.push_back(base::Join(base::FindStrings(record, "value"), ""));
  std::sort(values.begin(), values.end());
  return values;
}

Json FakeAzure::Properties(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  const auto found = sets_.find(RelativeName(fqdn));
  return found == sets_.end() ? Json() : found->second.properties;
}

void FakeAzure::Write(const std::string& relative, Json properties) {
  sets_[relative] = {.properties = std::move(properties), .version = next_version_++};
}

void FakeAzure::AddValue(const std::string& fqdn, const std::string& value) {
  const auto found = sets_.find(RelativeName(fqdn));
  Json properties = found == sets_.end() ? Json{{"TTL", 1234}, {"TXTRecords", Json::array()}, {"metadata", {{"owner", "they"}}}}
                                         : found->second.properties;
  // In two pieces, as a long one would be.
  properties["TXTRecords"].push_back({{"value", Json::array({value.substr(0, 2), value.substr(2)})}});
  Write(RelativeName(fqdn), std::move(properties));
}

void FakeAzure::Add(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  AddValue(fqdn, value);
}

void FakeAzure::OvertakeNext(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  overtaken_name_ = fqdn;
  overtaking_value_ = value;
}

void FakeAzure::AllowOneZoneOnly() {
  std::lock_guard lock(mutex_);
  allows_one_zone_only_ = true;
}

void FakeAzure::ExpireSecret() {
  std::lock_guard lock(mutex_);
  has_expired_secret_ = true;
}

std::size_t FakeAzure::CountTokens() const {
  std::lock_guard lock(mutex_);
  return tokens_.size();
}

// Other fakes' tokens count as well: the program keeps one for the whole process.
std::string FakeAzure::NewToken() {
  const std::string token = *tokens_.insert(Cat("azure.token-canary.", tokens_.size() + 1)).first;
  valid_.insert(token);
  return token;
}

void FakeAzure::RevokeTokens() {
  const std::lock_guard lock(mutex_);
  has_revoked_ = true;
  valid_.clear();
}

Response FakeAzure::Answer(const ApiRequest& request) {
  const std::string& url = request.whole->url;
  if (url.starts_with(kLogin)) return Token(request);
  if (url.starts_with("http://169.254.169.254/") || url.starts_with("http://app.test/")) return MachineToken(request);
  const std::string bearer = request.Header("authorization");
  const bool is_token = bearer.starts_with("Bearer azure.token-canary.");
  if (!is_token || (has_revoked_ && !valid_.contains(bearer.substr(7)))) {
    return AzureError(401, "InvalidAuthenticationToken", "The access token is invalid.");
  }
  return Manage(request);
}

// OpenID Connect Discovery 1.0, which Microsoft's SDK asks before it signs in.
Response FakeAzure::Discovery(const std::string& tenant) {
  const std::string base = Cat(kLogin, "/", tenant);
  return JsonAnswer(200, {{"issuer", base + "/v2.0"},
                          {"token_endpoint", base + "/oauth2/v2.0/token"},
                          {"authorization_endpoint", base + "/oauth2/v2.0/authorize"}});
}

Response FakeAzure::Token(const ApiRequest& request) {
  auto form = Form(request);
  const auto segments = request.Segments();
  if (request.method == "GET" && request.path.ends_with("/v2.0/.well-known/openid-configuration")) return Discovery(segments[0]);
  const bool is_token = segments.size() == 4 && segments[1] == "oauth2" && segments[2] == "v2.0" && segments[3] == "token";
  if (request.method != "POST" || !is_token || request.Header("content-type") != "application/x-www-form-urlencoded" ||
      form["grant_type"] != "client_credentials") {
    return RefuseAtAzure(400, "invalid_request", "900144",
                         "The request body must contain the following parameter: 'grant_type'.");
  }
  if (segments[0] != kTenant) return RefuseAtAzure(400, "invalid_request", "90002", Cat("Tenant '", segments[0], "' not found."));
  if (form["client_id"] != kClient) {
    return RefuseAtAzure(400, "unauthorized_client", "700016", Cat("Application '", form["client_id"], "' was not found."));
  }
  if (!form["scope"].ends_with("/.default")) return RefuseAtAzure(400, "invalid_scope", "70011", "The scope is not valid.");
  if (form.contains("client_secret")) {
    if (has_expired_secret_)
      return RefuseAtAzure(401, "invalid_client", "7000222", "The provided client secret keys are expired.");
    if (form["client_secret"] != kSecret)
      return RefuseAtAzure(401, "invalid_client", "7000215", "Invalid client secret provided.");
  } else if (form["client_assertion_type"] != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
    return RefuseAtAzure(401, "invalid_client", "7000216", "'client_assertion', 'client_secret' or 'request' is required.");
  } else if (form["client_assertion"] != kForeignToken) {
    const std::string problem = CheckAssertion(form["client_assertion"], request.whole->url);
    if (!problem.empty()) return RefuseAtAzure(401, "invalid_client", "700027", Cat("Client assertion failed: ", problem, "."));
  }
  return JsonAnswer(200, {{"token_type", "Bearer"}, {"expires_in", 3599}, {"access_token", NewToken()}});
}

Response FakeAzure::MachineToken(const ApiRequest& request) {
  if (request.whole->proxies != base::http::Proxies::kBypassed) return {.status = 502, .headers = {}, .body = "a proxy's"};
  const bool is_app = request.whole->url.starts_with("http://app.test/");
  const bool is_allowed = is_app ? request.Header("x-identity-header") == "app-header" : request.Header("metadata") == "true";
  const std::string version = is_app ? "2019-08-01" : "2018-02-01";
  if (request.method != "GET" || !is_allowed || request.Query("api-version") != version || request.Query("resource").empty()) {
    return JsonAnswer(400, {{"error", "invalid_request"}, {"error_description", "Required metadata header not specified"}});
  }
  const std::string client = request.Query("client_id");
  if (!client.empty() && client != kClient) {
    return JsonAnswer(400, {{"error", "invalid_request"}, {"error_description", "Identity not found"}});
  }
  if (is_app) return JsonAnswer(200, {{"access_token", NewToken()}, {"expires_on", "1767409445"}, {"token_type", "Bearer"}});
  return JsonAnswer(200, {{"access_token", NewToken()}, {"expires_in", "86399"}, {"expires_on", "1767409445"}});
}

Response FakeAzure::Manage(const ApiRequest& request) {
  const std::string subscription = Cat("/subscriptions/", kSubscription);
  if (request.Query("api-version").empty()) {
    return AzureError(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required.");
  }
  if (!request.path.starts_with(subscription)) {
    return AzureError(404, "SubscriptionNotFound", "The subscription could not be found.");
  }
  // Names of resources are the same in any case, and lists write the type differently.
  const std::string records = Cat(kZoneId, "/TXT/");
  if (base::EqualsIgnoreCase(request.path.substr(0, records.size()), records))
    return RecordSet(request, request.path.substr(records.size()));
  if (request.path.find("/resourceGroups/") != std::string::npos) {
    return AzureError(404, "ParentResourceNotFound", "The parent resource could not be found.");
  }
  if (allows_one_zone_only_) {
    return AzureError(403, "AuthorizationFailed", "The client does not have authorization to perform the action over the scope.");
  }
  if (request.path == subscription) return JsonAnswer(200, {{"subscriptionId", kSubscription}, {"state", "Enabled"}});
  return ListZones(request);
}

// Two zones a page.
Response FakeAzure::ListZones(const ApiRequest& request) const {
  const bool is_private = request.path.ends_with("/privateDnsZones");
  Json all = Json::array();
  for (const auto& [group, name, is_inside] :
       {std::tuple("a", "other.test", false), std::tuple("a", "twice.test", false), std::tuple("b", "twice.test", false),
        std::tuple("b", "old.test", false), std::tuple("dns", "example.test", false), std::tuple("a", "inside.test", true)}) {
    if (is_inside != is_private) continue;
    const std::string type = is_private ? "privateDnsZones" : "dnszones";
    all.push_back({{"id", Cat("/subscriptions/", kSubscription, "/resourceGroups/", group, "/providers/Microsoft.Network/", type,
                              "/", name)},
                   {"name", name},
                   {"properties", {{"zoneType", std::string_view(name) == "old.test" ? "Private" : "Public"}}}});
  }
  const auto start = static_cast<std::size_t>(request.QueryNumber("$skipToken", 0));
  Json page{{"value", Json::array()}};
  for (std::size_t i = start; i < std::min(start + 2, all.size()); ++i) page["value"].push_back(all[i]);
  if (start + 2 < all.size()) {
    page["nextLink"] =
        Cat("https://elsewhere.test", request.path, "?api-version=", request.Query("api-version"), "&%24skipToken=", start + 2);
  }
  return JsonAnswer(200, page);
}

std::string FakeAzure::EtagOf(const Set& set) { return Cat("etag-", set.version); }

Response FakeAzure::RecordSet(const ApiRequest& request, const std::string& relative) {
  if (request.method != "GET" && !overtaken_name_.empty()) AddValue(std::exchange(overtaken_name_, ""), overtaking_value_);
  const auto found = sets_.find(relative);
  const std::string etag = found == sets_.end() ? "" : EtagOf(found->second);
  if (request.method == "GET") {
    // This one comes without the envelope.
    if (found == sets_.end()) return JsonAnswer(404, {{"code", "NotFound"}, {"message", "The resource record does not exist."}});
    return JsonAnswer(200, {{"name", relative}, {"etag", etag}, {"properties", found->second.properties}});
  }
  const std::string match = request.Header("if-match");
  const std::string none_match = request.Header("if-none-match");
  if (match.empty() == none_match.empty())
    return AzureError(400, "TestNeedsCondition", "A change without a condition loses values.");
  const bool holds = match.empty() ? none_match == "*" && etag.empty() : match == etag;
  if (!holds) {
    return AzureError(412, "PreconditionFailed", "The condition in the If-Match or If-None-Match header was not satisfied.");
  }
  if (request.method == "PUT") return Put(request, relative);
  if (request.method != "DELETE") return AzureError(405, "MethodNotAllowed", "The method is not allowed.");
  sets_.erase(relative);
  return {.status = 200, .headers = {}, .body = {}};
}

Response FakeAzure::Put(const ApiRequest& request, const std::string& relative) {
  const Json body = request.Body();
  const std::string problem = CheckProperties(body);
  if (request.Header("content-type") != "application/json" || !problem.empty()) return AzureError(400, "BadRequest", problem);
  const bool is_new = !sets_.contains(relative);
  Write(relative, body["properties"]);
  return JsonAnswer(is_new ? 201 : 200,
                    {{"name", relative}, {"etag", EtagOf(sets_[relative])}, {"properties", body["properties"]}});
}

}  // namespace tests
