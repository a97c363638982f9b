// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/destinations/aws_secrets_manager_content.h"

#include <array>
#include <set>

#include "base/json.h"
#include "base/text.h"

namespace engine::sync::destinations {
namespace {

struct FieldName {
  std::string_view setting;
  std::string SecretFields::*member;
};

constexpr std::array<FieldName, 4> kNames{{
    {"field_names.certificate", &SecretFields::certificate},
    {"field_names.private_key", &SecretFields::private_key},
    {"field_names.certificate_chain", &SecretFields::certificate_chain},
    {"field_names.ca_certificate", &SecretFields::ca_certificate},
}};

}  // namespace

SecretFields ReadSecretFields(const Settings& settings) {
  SecretFields fields;
  for (const FieldName& one : kNames) {
    const auto setting = settings.find(one.setting);
    if (setting != settings.end()) fields.*one.member = setting->second;
  }
  return fields;
}

std::vector<connections::FieldProblem> CheckSecretFields(const Settings& settings) {
  const SecretFields fields = ReadSecretFields(settings);
  std::set<std::string> used;
  for (const FieldName& one : kNames) {
    const std::string& name = fields.*one.member;
    if (name.empty()) return {{std::string(one.setting), "The name of a JSON member cannot be empty."}};
    if (used.insert(name).second) continue;
    return {{std::string(one.setting), base::Cat("Another member is called \"", name, "\" already.")}};
  }
  return {};
}

base::Secret ToSecretText(const Bundle& bundle, const SecretFields& fields) {
  base::Json object{{fields.certificate, bundle.chain.front().pem}, {fields.private_key, bundle.private_key_pem.Reveal()}};
  std::string issuers;
  for (std::size_t i = 1; i < bundle.chain.size(); ++i) {
    const base::crypto::Certificate& one = bundle.chain[i];
    if (one.is_self_issued) object[fields.ca_certificate] = one.pem;
    if (!one.is_self_issued) issuers.append(one.pem);
  }
  if (!issuers.empty()) object[fields.certificate_chain] = issuers;
  return base::Secret(base::DumpJson(object));
}

std::string FindFingerprint(const base::Secret& text, const SecretFields& fields) {
  const auto object = base::ParseJsonObject(text.Reveal());
  if (!object) return {};
  const auto chain = base::crypto::ParseChain(base::FindString(*object, fields.certificate).value_or(""));
  return chain ? chain->front().fingerprint_sha256 : std::string();
}

}  // namespace engine::sync::destinations
