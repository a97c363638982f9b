// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/cloudflare/fake_custom_certificates.h"

#include <algorithm>
#include <array>

#include "base/crypto/certificate.h"
#include "base/text.h"
#include "base/time_format.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

constexpr std::array<std::string_view, 3> kMethods = {"ubiquitous", "optimal", "force"};

Response GoodCertificate(Json result) {
  return JsonAnswer(200,
                    {{"success", true}, {"errors", Json::array()}, {"messages", Json::array()}, {"result", std::move(result)}});
}

Response CustomCertificateError(int status, int code, const std::string& message) {
  const Json error{{"code", code}, {"message", message}};
  return JsonAnswer(status,
                    {{"success", false}, {"errors", Json::array({error})}, {"messages", Json::array()}, {"result", nullptr}});
}

std::string Fingerprint(const std::string& chain_pem) { return base::crypto::ParseChain(chain_pem)->front().fingerprint_sha256; }

}  // namespace

void FakeCloudflareCertificates::SetQuota(std::size_t quota) {
  const std::lock_guard lock(mutex_);
  quota_ = quota;
}

void FakeCloudflareCertificates::GiveNewIds() {
  const std::lock_guard lock(mutex_);
  gives_new_ids_ = true;
}

std::string FakeCloudflareCertificates::NextId() {
  const std::string number = Cat(next_++);
  return std::string(32 - number.size(), 'e') + number;
}

std::string FakeCloudflareCertificates::NextTime() {
  const int number = next_++;
  return Cat("2026-01-02T03:", number / 60 / 10 % 6, number / 60 % 10, ":", number % 60 / 10, number % 10, ".000000Z");
}

std::string FakeCloudflareCertificates::Add(const std::string& chain_pem) {
  const std::lock_guard lock(mutex_);
  const std::string id = NextId();
  items_[id] = {.chain_pem = chain_pem, .uploaded_on = NextTime()};
  return id;
}

void FakeCloudflareCertificates::Overwrite(const std::string& id, const std::string& chain_pem,
                                           const std::string& bundle_method) {
  const std::lock_guard lock(mutex_);
  items_[id] = {.chain_pem = chain_pem, .bundle_method = bundle_method, .uploaded_on = NextTime()};
}

void FakeCloudflareCertificates::ChangeBundleMethod(const std::string& id, const std::string& bundle_method) {
  const std::lock_guard lock(mutex_);
  items_.at(id).bundle_method = bundle_method;
}

void FakeCloudflareCertificates::Erase(const std::string& id) {
  const std::lock_guard lock(mutex_);
  items_.erase(id);
}

FakeCloudflareCertificates::Item FakeCloudflareCertificates::Get(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return items_.at(id);
}

std::size_t FakeCloudflareCertificates::size() const {
  const std::lock_guard lock(mutex_);
  return items_.size();
}

std::string FakeCloudflareCertificates::Snapshot() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [id, item] : items_) all += Cat(id, ' ', item.uploaded_on, ' ', item.bundle_method, '\n', item.chain_pem);
  return all;
}

Response FakeCloudflareCertificates::Answer(const ApiRequest& request) {
  if (request.Header("authorization") != Cat("Bearer ", kToken)) return CustomCertificateError(403, 9109, "Invalid access token");
  const auto segments = request.Segments();
  const bool is_here = segments.size() >= 5 && segments[2] == "zones" && segments[3] == kZoneId &&
                       segments[4] == "custom_certificates" && segments.size() <= 6;
  if (!is_here)
    return CustomCertificateError(404, 7003,
                                  Cat("Could not route to ", request.path, ", perhaps your object identifier is invalid?"));
  const std::string id = segments.size() == 6 ? segments[5] : "";
  if (request.method == "GET" && id.empty()) return List(request);
  if (request.method == "POST" && id.empty()) return Upload(request, "");
  if (!items_.contains(id)) return CustomCertificateError(404, 1201, "Certificate not found");
  if (request.method == "GET") return GoodCertificate(ToJson(id));
  if (request.method == "PATCH") return Upload(request, id);
  if (request.method != "DELETE") return CustomCertificateError(405, 10405, "Method not allowed for this authentication scheme");
  items_.erase(id);
  return GoodCertificate({{"id", id}});
}

Response FakeCloudflareCertificates::List(const ApiRequest& request) const {
  const int size = request.QueryNumber("per_page", 20);
  const int page = request.QueryNumber("page", 1);
  if (size < 5 || size > 50) return CustomCertificateError(400, 1003, "Invalid per_page");
  Json found = Json::array();
  int count = 0;
  for (const auto& [id, item] : items_) {
    if (count++ / size == page - 1) found.push_back(ToJson(id));
  }
  const std::size_t found_here = found.size();
  return JsonAnswer(200, {{"success", true},
                          {"errors", Json::array()},
                          {"messages", Json::array()},
                          {"result", std::move(found)},
                          {"result_info",
                           {{"page", page},
                            {"per_page", size},
                            {"count", found_here},
                            {"total_count", count},
                            {"total_pages", (count + size - 1) / size}}}});
}

Response FakeCloudflareCertificates::Upload(const ApiRequest& request, const std::string& former) {
  const Json body = request.Body();
  if (body.is_discarded() || request.Header("content-type") != "application/json")
    return CustomCertificateError(400, 1400, "Unable to decode");
  if (former.empty() && base::FindString(body, "type") != "sni_custom")
    return CustomCertificateError(403, 1011, "legacy_custom needs another plan");
  if (!former.empty() && body.contains("type")) return CustomCertificateError(400, 1400, "The type cannot be changed");
  const std::string method = base::FindString(body, "bundle_method").value_or("");
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end())
    return CustomCertificateError(400, 1227, "Invalid bundle method");
  const std::string pem = base::FindString(body, "certificate").value_or("");
  const auto chain = base::crypto::ParseChain(pem);
  const auto key = base::crypto::ParsePrivateKey(base::Secret(base::FindString(body, "private_key").value_or("")));
  if (!chain || !key || key->PublicKeyDer() != chain->front().public_key_der) {
    return CustomCertificateError(400, 2200, "The certificate and private key pair you uploaded is invalid");
  }
  if (former.empty() && items_.size() >= quota_)
    return CustomCertificateError(400, 1212, "You have reached your quota of custom certificates");
  for (const auto& [id, item] : items_) {
    if (id != former && Fingerprint(item.chain_pem) == chain->front().fingerprint_sha256) {
      return CustomCertificateError(400, 1220, "The certificate is a duplicate of one that is already uploaded");
    }
  }
  std::string id = former;
  if (former.empty() || gives_new_ids_) {
    items_.erase(former);
    id = NextId();
  }
  items_[id] = {.chain_pem = pem, .bundle_method = method, .uploaded_on = NextTime()};
  return GoodCertificate(ToJson(id));
}

Json FakeCloudflareCertificates::ToJson(const std::string& id) const {
  const Item& item = items_.at(id);
  const auto leaf = base::crypto::ParseChain(item.chain_pem)->front();
  return {{"id", id},
          {"zone_id", kZoneId},
          {"status", "pending"},
          {"hosts", leaf.dns_names},
          {"issuer", leaf.issuer_common_name},
          {"signature", "ECDSAWithSHA256"},
          {"bundle_method", item.bundle_method},
          {"uploaded_on", item.uploaded_on},
          {"modified_on", item.uploaded_on},
          {"expires_on", base::FormatRfc3339(leaf.not_after)},
          {"priority", 0}};
}

}  // namespace tests
