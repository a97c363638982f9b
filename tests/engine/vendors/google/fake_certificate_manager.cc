// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/google/fake_certificate_manager.h"

#include <algorithm>

#include "base/crypto/certificate.h"
#include "base/text.h"
#include "base/time_format.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

constexpr const char* kToken = "ya29.token-canary-certificates";

Response CertificateManagerError(int status, const std::string& word, const std::string& message) {
  return JsonAnswer(status, {{"error", {{"code", status}, {"message", message}, {"status", word}}}});
}

bool IsEntry(const std::string& name) { return name.find("/certificateMapEntries") != std::string::npos; }

bool IsIn(const Json& entry, const std::string& certificate) {
  const auto shown = base::FindStrings(entry, "certificates");
  return std::find(shown.begin(), shown.end(), certificate) != shown.end();
}

}  // namespace

void FakeGoogleCertificates::Put(const std::string& name, const std::string& chain_pem, const Json& labels) {
  const std::lock_guard lock(mutex_);
  resources_[name] = {{"name", name}, {"pemCertificate", chain_pem}, {"labels", labels}, {"scope", "DEFAULT"}};
}

void FakeGoogleCertificates::OverwriteChain(const std::string& name, const std::string& chain_pem) {
  const std::lock_guard lock(mutex_);
  resources_.at(name)["pemCertificate"] = chain_pem;
}

void FakeGoogleCertificates::SetLabels(const std::string& name, const Json& labels) {
  const std::lock_guard lock(mutex_);
  resources_.at(name)["labels"] = labels;
}

void FakeGoogleCertificates::PutEntry(const std::string& name, const Json& entry) {
  const std::lock_guard lock(mutex_);
  resources_[name] = entry;
}

void FakeGoogleCertificates::Erase(const std::string& name) {
  const std::lock_guard lock(mutex_);
  resources_.erase(name);
}

Json FakeGoogleCertificates::Get(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = resources_.find(name);
  return found == resources_.end() ? Json() : found->second;
}

std::string FakeGoogleCertificates::Snapshot() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [name, resource] : resources_) all += resource.dump() + "\n";
  return all;
}

void FakeGoogleCertificates::DenyChanges(bool denies) {
  const std::lock_guard lock(mutex_);
  denies_changes_ = denies;
}

bool FakeGoogleCertificates::MayFail(const base::http::Request& request) const {
  return request.url.starts_with("https://certificatemanager.googleapis.com") && request.method != "GET";
}

Response FakeGoogleCertificates::Answer(const ApiRequest& request) {
  if (request.whole->url == "https://oauth2.googleapis.com/token") {
    return JsonAnswer(200, {{"access_token", kToken}, {"expires_in", 3599}, {"token_type", "Bearer"}});
  }
  if (!request.whole->url.starts_with("https://certificatemanager.googleapis.com/v1/projects/"))
    return CertificateManagerError(404, "NOT_FOUND", "?");
  if (request.Header("authorization") != Cat("Bearer ", kToken))
    return CertificateManagerError(401, "UNAUTHENTICATED", "Invalid credentials");
  const std::string name = request.path.substr(std::string("/v1/").size());
  if (!name.starts_with(kPlace))
    return CertificateManagerError(403, "PERMISSION_DENIED", Cat("Permission denied on resource ", name));
  const bool is_change = request.method == "PATCH" || (request.method != "GET" && IsEntry(name));
  if (denies_changes_ && is_change)
    return CertificateManagerError(403, "PERMISSION_DENIED", Cat("Permission denied on resource ", name));
  if (const auto done = operations_.find(name); done != operations_.end()) return JsonAnswer(200, done->second);
  if (request.method == "POST") return Create(request, name);
  if (request.method == "GET" && name.ends_with("/certificates")) return List(name);
  if (!resources_.contains(name)) return CertificateManagerError(404, "NOT_FOUND", Cat("Resource '", name, "' was not found"));
  if (request.method == "GET") return JsonAnswer(200, resources_.at(name));
  if (request.method == "PATCH") return Patch(request, name);
  return Delete(name);
}

Response FakeGoogleCertificates::Operation(const std::string& outcome, Json value) {
  const std::string name = Cat(kPlace, "/operations/operation-", next_++);
  operations_[name] = {{"name", name}, {"done", true}, {outcome, std::move(value)}};
  return JsonAnswer(200, {{"name", name}, {"done", false}});
}

// A google.protobuf.Any of what is there now.
Response FakeGoogleCertificates::Done(const std::string& name) {
  Json value = resources_.at(name);
  value["@type"] =
      Cat("type.googleapis.com/google.cloud.certificatemanager.v1.", IsEntry(name) ? "CertificateMapEntry" : "Certificate");
  return Operation("response", std::move(value));
}

Response FakeGoogleCertificates::Failed(const std::string& message) {
  return Operation("error", {{"code", 3}, {"message", message}});
}

Json FakeGoogleCertificates::Certificate(const Json& body, std::string& problem) {
  const Json* managed = base::FindMember(body, "selfManaged");
  const std::string pem = managed == nullptr ? "" : base::FindString(*managed, "pemCertificate").value_or("");
  const auto chain = base::crypto::ParseChain(pem);
  const std::string key_pem = managed == nullptr ? "" : base::FindString(*managed, "pemPrivateKey").value_or("");
  const auto key = base::crypto::ParsePrivateKey(base::Secret(key_pem));
  if (!chain || !key || key->PublicKeyDer() != chain->front().public_key_der) problem = "The private key does not match";
  if (!problem.empty()) return {};
  return {{"pemCertificate", pem},
          {"labels", body.value("labels", Json::object())},
          {"selfManaged", Json::object()},
          {"sanDnsnames", chain->front().dns_names},
          {"expireTime", base::FormatRfc3339(chain->front().not_after)},
          {"createTime", "2026-01-02T03:04:05Z"}};
}

Response FakeGoogleCertificates::Create(const ApiRequest& request, const std::string& collection) {
  const bool is_entry = IsEntry(collection);
  const std::string id = request.Query(is_entry ? "certificateMapEntryId" : "certificateId");
  const bool is_id =
      !id.empty() && id.size() <= 63 && id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  const Json body = request.Body();
  if (!is_id || body.is_discarded()) return CertificateManagerError(400, "INVALID_ARGUMENT", "Invalid id or body");
  const std::string name = Cat(collection, "/", id);
  if (resources_.contains(name))
    return CertificateManagerError(409, "ALREADY_EXISTS", Cat("Resource '", name, "' already exists"));
  Json resource = body;
  if (is_entry) {
    if (body.contains("hostname") == body.contains("matcher"))
      return CertificateManagerError(400, "INVALID_ARGUMENT", "hostname or matcher");
    for (const std::string& shown : base::FindStrings(body, "certificates")) {
      if (!resources_.contains(shown)) return CertificateManagerError(400, "INVALID_ARGUMENT", Cat("no certificate ", shown));
    }
  } else {
    std::string problem;
    resource = Certificate(body, problem);
    if (!problem.empty()) return Failed(problem);
    resource["scope"] = base::FindString(body, "scope").value_or("DEFAULT");
  }
  resource["name"] = name;
  resources_[name] = std::move(resource);
  return Done(name);
}

Response FakeGoogleCertificates::Patch(const ApiRequest& request, const std::string& name) {
  const Json body = request.Body();
  const std::string mask = request.Query("updateMask");
  if (body.is_discarded() || mask.empty()) return CertificateManagerError(400, "INVALID_ARGUMENT", "updateMask is required");
  for (const std::string& member : base::Split(mask, ',')) {
    if (!body.contains(member) || member == "scope")
      return CertificateManagerError(400, "INVALID_ARGUMENT", Cat("cannot update ", member));
    if (member != "selfManaged") {
      resources_.at(name)[member] = body.at(member);
      continue;
    }
    std::string problem;
    const Json certificate = Certificate(body, problem);
    if (!problem.empty()) return Failed(problem);
    for (const char* part : {"pemCertificate", "sanDnsnames", "expireTime"}) resources_.at(name)[part] = certificate.at(part);
  }
  if (IsEntry(name) && base::FindStrings(body, "certificates").size() > 4) return Failed("too many");
  return Done(name);
}

Response FakeGoogleCertificates::Delete(const std::string& name) {
  for (const auto& [entry, resource] : resources_) {
    if (!IsIn(resource, name)) continue;
    return CertificateManagerError(400, "FAILED_PRECONDITION", Cat("can't delete certificate that is referenced by ", entry));
  }
  resources_.erase(name);
  return Operation("response", {{"@type", "type.googleapis.com/google.protobuf.Empty"}});
}

Response FakeGoogleCertificates::List(const std::string& collection) const {
  Json found = Json::array();
  for (const auto& [name, resource] : resources_) {
    if (name.starts_with(collection + "/")) found.push_back(resource);
  }
  return JsonAnswer(200, {{"certificates", std::move(found)}});
}

}  // namespace tests
