// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/secrets.h"

#include "resources/extension_block.h"
#include "resources/sealed/payload.h"

namespace resources::certificate_sync {

bool HasUse(const base::ConfigField& field, const base::Settings& settings) {
  if (field.goes_with.empty()) return true;
  const std::size_t equals = field.goes_with.find('=');
  return settings.Text(field.goes_with.substr(0, equals)) == field.goes_with.substr(equals + 1);
}

SyncSecrets FindSecrets(const sealed::Sealer& sealer, const engine::sync::DestinationSpec& spec, const schema::cty::Value& block,
                        const std::string& sealed) {
  const BlockValues configured = ReadBlock(spec.fields, block);
  const auto opened = sealed::OpenSecrets(sealer, sealed);
  SyncSecrets found{.differ = configured.has_unknown_secret, .is_known = !configured.has_unknown_secret};
  for (const base::ConfigField& field : spec.fields) {
    if (!field.secret) continue;
    const base::Secret* kept = nullptr;
    if (opened && opened->contains(field.name)) kept = &opened->find(field.name)->second;
    if (const base::Secret* now = configured.settings.FindSecret(field.name)) {
      if (kept == nullptr || !(*kept == *now)) found.differ = true;
      found.values.emplace(field.name, *now);
    } else if (kept != nullptr && HasUse(field, configured.settings)) {
      found.values.emplace(field.name, *kept);
    }
  }
  return found;
}

}  // namespace resources::certificate_sync
