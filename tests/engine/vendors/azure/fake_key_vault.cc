// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/azure/fake_key_vault.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <regex>

#include "base/crypto/certificate.h"
#include "base/crypto/digest.h"
#include "base/crypto/key.h"
#include "base/crypto/openssl_handle.h"
#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

constexpr const char* kPem = "application/x-pem-file";
constexpr const char* kPkcs12 = "application/x-pkcs12";

Response KeyVaultError(int status, const std::string& code, const std::string& message, const std::string& inner = {}) {
  Json error{{"code", code}, {"message", message}};
  if (!inner.empty()) error["innererror"] = {{"code", inner}};
  return JsonAnswer(status, {{"error", error}});
}

// What the file holds, as PEM: its key, and its certificates with the leaf first. Empty when the password does not open it.
std::string OpenPkcs12(const std::string& der, const std::string& password) {
  const unsigned char* at = base::crypto::Bytes(der);
  const base::crypto::Handle<PKCS12, PKCS12_free> file(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
  EVP_PKEY* key = nullptr;
  X509* leaf = nullptr;
  STACK_OF(X509)* issuers = nullptr;
  if (!file || PKCS12_parse(file.get(), password.c_str(), &key, &leaf, &issuers) != 1) {
    ERR_clear_error();
    return {};
  }
  const base::crypto::BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_X509(bio.get(), leaf);
  for (int i = 0; i < sk_X509_num(issuers); ++i) PEM_write_bio_X509(bio.get(), sk_X509_value(issuers, i));
  EVP_PKEY_free(key);
  X509_free(leaf);
  sk_X509_pop_free(issuers, X509_free);
  return base::crypto::Written(bio.get());
}

std::map<std::string, std::string> TagsOf(const Json& body) {
  return body.contains("tags") && body["tags"].is_object() ? body["tags"].get<std::map<std::string, std::string>>()
                                                           : std::map<std::string, std::string>();
}

Json Attributes(const FakeKeyVault::Version& version) {
  return {{"enabled", version.is_enabled}, {"created", 1767323045}, {"updated", 1767323045}, {"recoveryLevel", "Recoverable"}};
}

std::string Thumbprint(const std::string& der) { return base::Base64Url(base::crypto::Digest(base::crypto::Hash::kSha1, der)); }

Json Entry(const std::string& name, const FakeKeyVault::Version& version) {
  return {{"id", Cat(FakeKeyVault::kUrl, "/certificates/", name)},
          {"x5t", Thumbprint(version.der)},
          {"attributes", Attributes(version)},
          {"tags", version.tags}};
}

Json Bundle(const std::string& name, const FakeKeyVault::Version& version) {
  Json bundle = Entry(name, version);
  for (const char* kind : {"keys", "secrets"}) {
    bundle[kind[0] == 'k' ? "kid" : "sid"] = Cat(FakeKeyVault::kUrl, "/", kind, "/", name, "/", version.id);
  }
  bundle["id"] = Cat(FakeKeyVault::kUrl, "/certificates/", name, "/", version.id);
  bundle["cer"] = base::Base64(version.der);
  bundle["policy"] = {{"id", Cat(FakeKeyVault::kUrl, "/certificates/", name, "/policy")},
                      {"secret_props", {{"contentType", version.type}}}};
  return bundle;
}

Json DeletedBundle(const std::string& name, const FakeKeyVault::Version& version) {
  Json bundle = Bundle(name, version);
  bundle["recoveryId"] = Cat(FakeKeyVault::kUrl, "/deletedcertificates/", name);
  bundle["deletedDate"] = 1767323045;
  bundle["scheduledPurgeDate"] = 1775099045;
  return bundle;
}

Response NotFound(const std::string& name) {
  return KeyVaultError(404, "CertificateNotFound",
                       Cat("A certificate with (name/id) ", name, " was not found in this key vault."));
}

}  // namespace

void FakeKeyVault::Add(const std::string& name, const Version& version) {
  std::lock_guard lock(mutex_);
  items_[name] = {.versions = {version}};
}

std::vector<FakeKeyVault::Version> FakeKeyVault::Versions(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = items_.find(name);
  return found == items_.end() || found->second.is_deleted ? std::vector<Version>() : found->second.versions;
}

void FakeKeyVault::SetTags(const std::string& name, std::map<std::string, std::string> tags) {
  std::lock_guard lock(mutex_);
  items_.at(name).versions.back().tags = std::move(tags);
}

void FakeKeyVault::Disable(const std::string& name) {
  std::lock_guard lock(mutex_);
  items_.at(name).versions.back().is_enabled = false;
}

void FakeKeyVault::Purge(const std::string& name) {
  std::lock_guard lock(mutex_);
  items_.erase(name);
}

bool FakeKeyVault::IsDeleted(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = items_.find(name);
  return found != items_.end() && found->second.is_deleted;
}

std::string FakeKeyVault::Snapshot() const {
  std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [name, item] : items_) {
    if (item.is_deleted) continue;
    for (const Version& one : item.versions) all += Cat(Bundle(name, one).dump(), '\n');
  }
  return all;
}

void FakeKeyVault::DenyImports() {
  std::lock_guard lock(mutex_);
  denies_imports_ = true;
}

void FakeKeyVault::Mend() {
  std::lock_guard lock(mutex_);
  denies_imports_ = false;
}

void FakeKeyVault::SlowRecovery(int requests) {
  std::lock_guard lock(mutex_);
  recovery_requests_ = requests;
}

Response FakeKeyVault::Answer(const ApiRequest& request) {
  EndRecoveries();
  if (request.path.ends_with("/oauth2/v2.0/token")) return Token(request);
  if (request.Header("authorization") != Cat("Bearer ", kToken)) {
    Response refused = KeyVaultError(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.");
    refused.headers.push_back(
        {"WWW-Authenticate", Cat("Bearer authorization=\"", kLogin, "/", kTenant, "\", resource=\"https://vault.azure.net\"")});
    return refused;
  }
  if (request.Query("api-version").empty()) return KeyVaultError(400, "BadParameter", "api-version must be specified");
  return Vault(request);
}

Response FakeKeyVault::Token(const ApiRequest& request) {
  const std::string& body = request.whole->body;
  const bool is_known = request.path.starts_with(Cat("/", kTenant, "/")) &&
                        body.find(Cat("client_id=", kClient)) != std::string::npos &&
                        body.find("client_secret=vault") != std::string::npos;
  const bool is_for_vault = body.find("scope=https%3A%2F%2Fvault.azure.net%2F.default") != std::string::npos;
  if (is_known) {
    return JsonAnswer(
        200,
        {{"token_type", "Bearer"}, {"expires_in", 3599}, {"access_token", is_for_vault ? kToken : "token-for-another-service"}});
  }
  return JsonAnswer(401, {{"error", "invalid_client"}, {"error_description", "AADSTS7000215: Invalid client secret provided."}});
}

void FakeKeyVault::EndRecoveries() {
  for (auto& [name, left] : recovering_) {
    if (--left < 0) items_[name].is_deleted = false;
  }
  std::erase_if(recovering_, [](const auto& one) { return one.second < 0; });
}

Response FakeKeyVault::Vault(const ApiRequest& request) {
  const auto path = request.Segments();
  if (path.empty()) return KeyVaultError(404, "NotFound", "");
  if (path[0] == "deletedcertificates" && path.size() >= 2) return Deleted(request, path);
  if (path[0] != "certificates") return KeyVaultError(403, "Forbidden", "The role does not allow it.", "ForbiddenByRbac");
  if (path.size() == 1) return List(request);
  const std::string& name = path[1];
  if (!std::regex_match(name, std::regex("[0-9a-zA-Z-]{1,127}"))) {
    return KeyVaultError(400, "BadParameter", "The request URI contains an invalid name: " + name);
  }
  if (path.size() == 3 && path[2] == "import" && request.method == "POST") return Import(name, request.Body());
  const auto found = items_.find(name);
  if (found == items_.end() || found->second.is_deleted) return NotFound(name);
  Item& item = found->second;
  if (request.method == "PATCH") return Update(item, name, path.size() > 2 ? path[2] : "", request.Body());
  if (request.method == "DELETE" && path.size() == 2) {
    item.is_deleted = true;
    return JsonAnswer(200, DeletedBundle(name, item.versions.back()));
  }
  if (request.method != "GET") return KeyVaultError(405, "MethodNotAllowed", "");
  const auto version =
      std::ranges::find_if(item.versions, [&](const Version& one) { return path.size() > 2 && one.id == path[2]; });
  if (path.size() > 2 && version == item.versions.end()) return NotFound(Cat(name, "/", path[2]));
  return JsonAnswer(200, Bundle(name, path.size() > 2 ? *version : item.versions.back()));
}

Response FakeKeyVault::Deleted(const ApiRequest& request, const std::vector<std::string>& path) {
  const std::string& name = path[1];
  const auto found = items_.find(name);
  if (found == items_.end() || !found->second.is_deleted) {
    return KeyVaultError(404, "CertificateNotFound", Cat("Deleted Certificate not found: ", name));
  }
  const Version newest = found->second.versions.back();
  if (request.method == "GET" && path.size() == 2) return JsonAnswer(200, DeletedBundle(name, newest));
  if (request.method != "POST" || path.size() != 3 || path[2] != "recover") return KeyVaultError(405, "MethodNotAllowed", "");
  if (recovery_requests_ == 0) found->second.is_deleted = false;
  if (recovery_requests_ > 0) recovering_[name] = recovery_requests_;
  return JsonAnswer(200, Bundle(name, newest));
}

Response FakeKeyVault::Import(const std::string& name, const Json& body) {
  if (denies_imports_)
    return KeyVaultError(403, "Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac");
  Item& item = items_[name];
  if (recovering_.contains(name)) {
    return KeyVaultError(409, "Conflict", Cat("Certificate ", name, " is currently being recovered."), "ObjectIsBeingRecovered");
  }
  if (item.is_deleted) {
    return KeyVaultError(409, "Conflict",
                         Cat("Certificate ", name,
                             " is currently in a deleted but recoverable state, and its name cannot be reused; in this "
                             "state, the certificate can only be recovered or purged."),
                         "ObjectIsDeletedButRecoverable");
  }
  const auto refuse = [&](const std::string& why) {
    if (item.versions.empty()) items_.erase(name);
    return KeyVaultError(400, "BadParameter", why);
  };
  const std::string file = base::FromBase64(body.value("value", "")).value_or("");
  Json policy = body.value("policy", Json::object());
  const std::string type = policy.value("secret_props", Json::object()).value("contentType", kPkcs12);
  const std::string pem = type == kPem ? file : OpenPkcs12(file, body.value("pwd", ""));
  if (pem.empty())
    return refuse(
        "The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 "
        "format.");
  const auto key = base::crypto::ParsePrivateKey(base::Secret(pem));
  const auto first = pem.find("-----BEGIN CERTIFICATE-----");
  const auto chain = base::crypto::ParseChain(pem.substr(std::min(first, pem.size())));
  if (!key || !chain) return refuse("The specified PEM X.509 certificate content is in an unexpected format.");
  if (key->PublicKeyDer() != chain->front().public_key_der) return refuse("Private key does not match the certificate.");
  const auto tags = TagsOf(body);
  if (tags.size() > 15) return refuse("The number of tags must not exceed 15.");
  const std::string digits = Cat(++made_);
  const std::string id = std::string(32 - digits.size(), '0') + digits;
  item.versions.push_back({.id = id, .der = chain->front().der, .secret = pem, .type = type, .tags = tags});
  return JsonAnswer(200, Bundle(name, item.versions.back()));
}

Response FakeKeyVault::Update(Item& item, const std::string& name, const std::string& id, const Json& body) {
  const auto version = std::ranges::find_if(
      item.versions, [&](const Version& one) { return id.empty() ? &one == &item.versions.back() : one.id == id; });
  if (version == item.versions.end()) return NotFound(Cat(name, "/", id));
  if (body.contains("tags")) version->tags = TagsOf(body);
  if (body.contains("attributes")) version->is_enabled = body["attributes"].value("enabled", version->is_enabled);
  return JsonAnswer(200, Bundle(name, *version));
}

// Pages of three, or what the client wants if it is less.
Response FakeKeyVault::List(const ApiRequest& request) const {
  const int most = request.QueryNumber("maxresults", 25);
  if (most < 1 || most > 25) return KeyVaultError(400, "BadParameter", "maxresults must be between 1 and 25");
  Json page{{"value", Json::array()}, {"nextLink", nullptr}};
  auto at = items_.upper_bound(request.Query("$skiptoken"));
  std::string last;
  for (; at != items_.end() && page["value"].size() < static_cast<std::size_t>(std::min(most, 3)); ++at) {
    last = at->first;
    if (!at->second.is_deleted) page["value"].push_back(Entry(at->first, at->second.versions.back()));
  }
  if (at != items_.end()) page["nextLink"] = Cat(kUrl, "/certificates?api-version=7.4&$skiptoken=", last, "&maxresults=", most);
  return JsonAnswer(200, page);
}

}  // namespace tests
