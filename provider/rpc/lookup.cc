// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/lookup.h"

#include "base/text.h"

namespace provider::rpc {

const ResourceEntry* FindResource(const CallScope& scope, const std::string& type_name, schema::Diagnostics& diagnostics) {
  const ResourceEntry* entry = scope.shared.table.Find(type_name);
  if (entry == nullptr) {
    diagnostics.Error("Unknown resource type", base::Cat("This version of the provider has no resource type \"", type_name,
                                                         "\". Check the name, or the version of the provider."));
  }
  return entry;
}

bool IsConfigured(const CallScope& scope, schema::Diagnostics& diagnostics) {
  if (scope.context) return true;
  diagnostics.Error("Provider not configured", "Terraform asked for a resource before it configured the provider.");
  return false;
}

}  // namespace provider::rpc
