// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/secrets.h"

#include "resources/extension_block.h"
#include "resources/sealed/payload.h"

namespace resources::certificate_sync {

bool HasUse(const base::ConfigField& field, const engine::sync::Settings& settings) {
  if (field.goes_with.empty()) return true;
  const std::size_t equals = field.goes_with.find('=');
  const auto found = settings.find(field.goes_with.substr(0, equals));
  return found != settings.end() && found->second == field.goes_with.substr(equals + 1);
}

SyncSecrets FindSecrets(const sealed::Sealer& sealer, const engine::sync::DestinationSpec& spec, const schema::cty::Value& block,
                        const std::string& sealed) {
  const BlockValues configured = ReadBlock(spec.fields, block);
  const auto opened = sealed::OpenSecrets(sealer, sealed);
  SyncSecrets found{
      .values = configured.secrets, .differ = configured.has_unknown_secret, .is_known = !configured.has_unknown_secret};
  for (const base::ConfigField& field : spec.fields) {
    if (!field.secret) continue;
    const auto kept = opened ? engine::sync::FindSecret(*opened, field.name) : std::nullopt;
    const auto now = found.values.find(field.name);
    if (now != found.values.end()) {
      if (!kept || !(*kept == now->second)) found.differ = true;
    } else if (kept && HasUse(field, configured.settings)) {
      found.values.emplace(field.name, *kept);
    }
  }
  return found;
}

}  // namespace resources::certificate_sync
