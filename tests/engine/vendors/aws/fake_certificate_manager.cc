// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/aws/fake_certificate_manager.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

#include "base/crypto/certificate.h"
#include "base/crypto/key.h"
#include "base/crypto/key_impl.h"
#include "base/encoding.h"
#include "base/text.h"
#include "tests/engine/vendors/aws/auth/signature_check.h"
#include "tests/engine/vendors/aws/tag_list.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

Response AcmError(std::string_view type, std::string_view message) {
  return JsonAnswer(400, {{"__type", type}, {"message", message}});
}

// Empty when the member is missing or no base64.
std::string Blob(const Json& body, const char* name) {
  return body.contains(name) ? base::FromBase64(body.at(name).get<std::string>()).value_or("") : "";
}

std::string KeyTypeOf(base::crypto::KeyAlgorithm algorithm) {
  switch (algorithm) {
    case base::crypto::KeyAlgorithm::kEcP256:
      return "EC_prime256v1";
    case base::crypto::KeyAlgorithm::kEcP384:
      return "EC_secp384r1";
    default:
      return std::string(base::crypto::NameOf(algorithm));
  }
}

std::uint32_t KeyUsageOf(const std::string& pem) {
  const base::crypto::X509Handle x509(PEM_read_bio_X509(base::crypto::Reader(pem).get(), nullptr, nullptr, nullptr));
  return x509 ? X509_get_key_usage(x509.get()) : 0;
}

// What ACM finds wrong with the material; empty when it is fine, and then `item` holds it.
std::string ReadMaterial(const Json& body, FakeAcm::Item& item) {
  item.leaf_pem = Blob(body, "Certificate");
  item.chain_pem = Blob(body, "CertificateChain");
  const auto leaf = base::crypto::ParseChain(item.leaf_pem);
  if (!leaf) return "The certificate is not valid PEM.";
  if (leaf->size() != 1) return "The certificate field contains more than one certificate.";
  const auto key = base::crypto::ParsePrivateKey(base::Secret(Blob(body, "PrivateKey")));
  if (!key || key->PublicKeyDer() != leaf->front().public_key_der) return "The private key does not match the certificate.";
  item.key_type = KeyTypeOf(key->algorithm());
  item.key_usage = KeyUsageOf(item.leaf_pem);
  if (leaf->front().is_self_issued && item.chain_pem.empty()) return "";
  const auto chain = base::crypto::ParseChain(item.chain_pem);
  const bool holds_issuer = chain && chain->front().subject_common_name == leaf->front().issuer_common_name;
  return holds_issuer ? "" : "Could not validate the certificate with the certificate chain.";
}

}  // namespace

std::string FakeAcm::Add(Item item) {
  std::lock_guard lock(mutex_);
  const std::string arn = Cat("arn:aws:acm:eu-west-1:123456789012:certificate/", ++imports_);
  item.imported_at = 1'700'000'000 + imports_ / 8.0;
  items_[arn] = std::move(item);
  return arn;
}

FakeAcm::Item FakeAcm::Get(const std::string& arn) const {
  std::lock_guard lock(mutex_);
  return items_.at(arn);
}

void FakeAcm::Overwrite(const std::string& arn, const std::string& leaf_pem, const std::string& chain_pem) {
  std::lock_guard lock(mutex_);
  Item& item = items_.at(arn);
  item.leaf_pem = leaf_pem;
  item.chain_pem = chain_pem;
  item.imported_at = 1'700'000'000 + ++imports_ / 8.0;
}

void FakeAcm::SetTags(const std::string& arn, std::map<std::string, std::string> tags) {
  std::lock_guard lock(mutex_);
  items_.at(arn).tags = std::move(tags);
}

void FakeAcm::SetUsers(const std::string& arn, std::vector<std::string> users) {
  std::lock_guard lock(mutex_);
  items_.at(arn).in_use_by = std::move(users);
}

void FakeAcm::Erase(const std::string& arn) {
  std::lock_guard lock(mutex_);
  items_.erase(arn);
}

std::string FakeAcm::Snapshot() const {
  std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [arn, item] : items_) {
    all += Cat(arn, '\n', item.leaf_pem, item.chain_pem, TagList(item.tags).dump(), std::to_string(item.imported_at), '\n');
  }
  return all;
}

void FakeAcm::DenyNext(const std::string& action) {
  std::lock_guard lock(mutex_);
  denied_ = action;
}

void FakeAcm::RefuseNextImportInto(const std::string& arn) {
  const std::lock_guard lock(mutex_);
  refused_ = arn;
}

void FakeAcm::LetTaggingLag() {
  std::lock_guard lock(mutex_);
  lags_ = true;
}

std::size_t FakeAcm::CountActions(const std::string& action) const {
  std::lock_guard lock(mutex_);
  const auto found = actions_.find(action);
  return found == actions_.end() ? 0 : found->second;
}

Response FakeAcm::Answer(const ApiRequest& request) {
  const std::string target = request.Header("X-Amz-Target");
  const bool is_tagging = target == "ResourceGroupsTaggingAPI_20170126.GetResources";
  const AwsSigner signer{.key_id = kKeyId, .secret = kSecret, .region = kRegion, .service = is_tagging ? "tagging" : "acm"};
  if (const std::string wrong = CheckAwsSignature(*request.whole, signer); !wrong.empty()) return AcmError(wrong, "refused");
  const bool is_right =
      (is_tagging || target.starts_with("CertificateManager.")) && request.Header("Content-Type") == "application/x-amz-json-1.1";
  if (!is_right || request.method != "POST" || request.path != "/") return AcmError("UnknownOperationException", "");
  const std::string action = target.substr(target.find('.') + 1);
  ++actions_[action];
  if (denied_ == action) {
    denied_.clear();
    return AcmError("AccessDeniedException", "User is not authorized to perform the action");
  }
  const Json body = request.Body();
  if (action == "ImportCertificate") return Import(body);
  if (action == "ListCertificates") return List(body);
  if (action == "GetResources") return FindTagged(body);
  const std::string arn = body.value("CertificateArn", "");
  if (!items_.contains(arn))
    return AcmError("com.amazonaws.acm#ResourceNotFoundException", Cat("Could not find certificate ", arn));
  return Act(action, body, arn);
}

Response FakeAcm::Import(const Json& body) {
  Item item;
  if (const std::string problem = ReadMaterial(body, item); !problem.empty()) return AcmError("ValidationException", problem);
  std::string arn = body.value("CertificateArn", "");
  if (!arn.empty()) {
    const auto there = items_.find(arn);
    if (there == items_.end()) return AcmError("ResourceNotFoundException", Cat("Could not find certificate ", arn));
    if (body.contains("Tags")) return AcmError("ValidationException", "Tagging is not permitted on re-import.");
    if (there->second.key_type != item.key_type) {
      return AcmError("ValidationException", Cat("New certificate has a key of ", item.key_type, " which is different from the ",
                                                 there->second.key_type, " of the existing one."));
    }
    if (arn == std::exchange(refused_, "") || (there->second.key_usage & ~item.key_usage) != 0) {
      return AcmError("ValidationException",
                      "New certificate is missing one or more Key Usages supported by the currently imported certificate");
    }
    item.tags = there->second.tags;
    item.in_use_by = there->second.in_use_by;
  } else {
    arn = Cat("arn:aws:acm:eu-west-1:123456789012:certificate/", imports_ + 1);
    if (body.contains("Tags")) AddTags(body.at("Tags"), item.tags);
  }
  item.imported_at = 1'700'000'000 + ++imports_ / 8.0;
  items_[arn] = std::move(item);
  return JsonAnswer(200, {{"CertificateArn", arn}});
}

Response FakeAcm::Act(const std::string& action, const Json& body, const std::string& arn) {
  Item& item = items_.at(arn);
  if (action == "GetCertificate") {
    return JsonAnswer(200, {{"Certificate", item.leaf_pem}, {"CertificateChain", item.chain_pem}});
  }
  if (action == "DescribeCertificate") {
    return JsonAnswer(
        200, {{"Certificate", {{"CertificateArn", arn}, {"ImportedAt", item.imported_at}, {"InUseBy", item.in_use_by}}}});
  }
  if (action == "ListTagsForCertificate") return JsonAnswer(200, {{"Tags", TagList(item.tags)}});
  if (action == "AddTagsToCertificate") {
    AddTags(body.at("Tags"), item.tags);
    return {.status = 200};
  }
  if (action == "RemoveTagsFromCertificate") {
    for (const Json& tag : body.at("Tags")) item.tags.erase(tag.at("Key").get<std::string>());
    return {.status = 200};
  }
  if (action != "DeleteCertificate") return AcmError("AccessDeniedException", Cat("the policy does not allow ", action));
  if (!item.in_use_by.empty()) return AcmError("ResourceInUseException", Cat("Certificate ", arn, " is in use."));
  items_.erase(arn);
  return {.status = 200};
}

// Pages of two, so that every list has several.
Response FakeAcm::List(const Json& body) const {
  std::vector<std::string> types{"RSA_1024", "RSA_2048"};
  if (body.contains("Includes")) types = body.at("Includes").value("keyTypes", types);
  auto at = items_.upper_bound(body.value("NextToken", ""));
  Json list = Json::array();
  std::string last;
  for (; at != items_.end() && list.size() < 2; ++at) {
    last = at->first;
    if (std::find(types.begin(), types.end(), at->second.key_type) == types.end()) continue;
    list.push_back({{"CertificateArn", at->first}, {"ImportedAt", at->second.imported_at}, {"Status", "ISSUED"}});
  }
  Json answer{{"CertificateSummaryList", list}};
  if (at != items_.end()) answer["NextToken"] = last;
  return JsonAnswer(200, answer);
}

// Pages of three.
Response FakeAcm::FindTagged(const Json& body) const {
  if (body.at("ResourceTypeFilters") != Json::array({"acm:certificate"})) return AcmError("InvalidParameterException", "");
  const Json& filter = body.at("TagFilters").at(0);
  const std::string key = filter.at("Key").get<std::string>();
  Json list = Json::array();
  auto at = items_.upper_bound(body.value("PaginationToken", ""));
  std::string last;
  for (; at != items_.end() && list.size() < 3; ++at) {
    last = at->first;
    const auto tag = at->second.tags.find(key);
    if (lags_ || tag == at->second.tags.end() || Json::array({tag->second}) != filter.at("Values")) continue;
    list.push_back({{"ResourceARN", at->first}, {"Tags", TagList(at->second.tags)}});
  }
  return JsonAnswer(200, {{"ResourceTagMappingList", list}, {"PaginationToken", at == items_.end() ? "" : last}});
}

}  // namespace tests
