// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/key_vault_api.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/text.h"
#include "base/url.h"
#include "base/without_value.h"

namespace engine::vendors::azure {
namespace {

using base::Base64;
using base::Call;
using base::Cat;
using base::FindBool;
using base::FindMember;
using base::FindString;
using base::FromBase64;
using base::Json;
using base::ParseUrl;
using base::PercentEncode;
using base::Result;

constexpr std::string_view kKeyVaultVersion = "?api-version=7.4";

struct Cloud {
  std::string_view name;
  std::string_view resource;
};
constexpr std::array kClouds{
    Cloud{"public", "https://vault.azure.net"},
    Cloud{"usgovernment", "https://vault.usgovcloudapi.net"},
    Cloud{"china", "https://vault.azure.cn"},
};

std::string PathOf(std::string_view collection, std::string_view name, std::string_view behind = {}) {
  return Cat("/", collection, "/", PercentEncode(name), behind, kKeyVaultVersion);
}

// "https://my-vault.vault.azure.net/certificates/web/0123…": a version is 32 hex digits behind the name.
void SplitId(const std::string& id, KeyVaultCertificate& certificate) {
  const auto collection = id.find("/certificates/");
  const auto version =
      collection == std::string::npos ? collection : id.find('/', collection + std::string_view("/certificates/").size());
  certificate.id = id.substr(0, version);
  certificate.version = version == std::string::npos ? "" : id.substr(version + 1);
}

KeyVaultCertificate CertificateOf(const Json& answer) {
  KeyVaultCertificate certificate;
  certificate.x5t = FindString(answer, "x5t").value_or("");
  certificate.cer = FromBase64(FindString(answer, "cer").value_or("")).value_or("");
  SplitId(FindString(answer, "id").value_or(""), certificate);
  if (const Json* tags = FindMember(answer, "tags"); tags != nullptr && tags->is_object()) {
    for (const auto& [key, value] : tags->items()) {
      if (value.is_string()) certificate.tags.emplace(key, value.get<std::string>());
    }
  }
  if (const Json* attributes = FindMember(answer, "attributes")) {
    certificate.is_enabled = FindBool(*attributes, "enabled").value_or(true);
  }
  return certificate;
}

Result<KeyVaultCertificate> CertificateOf(const Result<Json>& answer) {
  return answer ? CertificateOf(*answer) : Result<KeyVaultCertificate>(answer.error());
}

}  // namespace

std::string KeyVaultResource(std::string_view vault_url) {
  const auto url = ParseUrl(vault_url);
  if (!url || url->scheme != "https" || url->port != 443) return {};
  const auto dot = url->host.find('.');
  const std::string resource = dot == std::string::npos ? "" : Cat("https://", std::string_view(url->host).substr(dot + 1));
  const bool is_known = std::any_of(kClouds.begin(), kClouds.end(), [&](const Cloud& one) { return one.resource == resource; });
  return is_known ? resource : std::string();
}

std::string_view KeyVaultResourceOfCloud(std::string_view cloud) {
  const auto found = std::find_if(kClouds.begin(), kClouds.end(), [&](const Cloud& one) { return one.name == cloud; });
  return found == kClouds.end() ? kClouds.front().resource : found->resource;
}

Result<KeyVaultCertificate> KeyVaultApi::Get(const Call& call, std::string_view name) const {
  return CertificateOf(api_.Send(call, "GET", PathOf("certificates", name)));
}

Result<std::map<std::string, KeyVaultCertificate>> KeyVaultApi::List(const Call& call) const {
  const auto list = api_.List(call, Cat("/certificates", kKeyVaultVersion, "&maxresults=25"));
  if (!list) return list.error();
  std::map<std::string, KeyVaultCertificate> certificates;
  for (const Json& one : *list) {
    KeyVaultCertificate certificate = CertificateOf(one);
    const std::string name = certificate.id.substr(certificate.id.rfind('/') + 1);
    certificates.emplace(name, std::move(certificate));
  }
  return certificates;
}

Result<KeyVaultCertificate> KeyVaultApi::Import(const Call& call, std::string_view name, const KeyVaultImport& import) const {
  Json body{{"value", Base64(import.value.Reveal())},
            {"policy", {{"key_props", import.key_properties}, {"secret_props", {{"contentType", import.type}}}}},
            {"attributes", {{"enabled", true}}},
            {"tags", import.tags}};
  if (!import.password.empty()) body["pwd"] = import.password.Reveal();
  return CertificateOf(
      api_.Send(call, "POST", PathOf("certificates", name, "/import"), body, std::nullopt, base::http::Idempotency::kOnce));
}

Result<void> KeyVaultApi::SetTags(const Call& call, std::string_view name, std::string_view version,
                                  const KeyVaultTags& tags) const {
  return WithoutValue(api_.Send(call, "PATCH", PathOf("certificates", name, Cat("/", version)), {{"tags", tags}}));
}

Result<void> KeyVaultApi::Delete(const Call& call, std::string_view name) const {
  return WithoutValue(api_.Send(call, "DELETE", PathOf("certificates", name)));
}

Result<KeyVaultCertificate> KeyVaultApi::GetDeleted(const Call& call, std::string_view name) const {
  return CertificateOf(api_.Send(call, "GET", PathOf("deletedcertificates", name)));
}

Result<void> KeyVaultApi::Recover(const Call& call, std::string_view name) const {
  return WithoutValue(api_.Send(call, "POST", PathOf("deletedcertificates", name, "/recover")));
}

}  // namespace engine::vendors::azure
