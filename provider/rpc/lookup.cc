// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/lookup.h"

#include "base/text.h"

namespace provider::rpc {
namespace {

void TellUnknown(std::string_view what, const std::string& name, schema::Diagnostics& diagnostics) {
  diagnostics.Error(base::Cat("Unknown ", what), base::Cat("This version of the provider has no ", what, " \"", name,
                                                           "\". Check the name, or the version of the provider."));
}

}  // namespace

const ResourceEntry* FindResource(const CallScope& scope, const std::string& type_name, schema::Diagnostics& diagnostics) {
  const ResourceEntry* entry = scope.shared.table.Find(type_name);
  if (entry == nullptr) TellUnknown("resource type", type_name, diagnostics);
  return entry;
}

const SourceEntry* FindSource(const Table<resources::Source>& table, std::string_view what, const std::string& type_name,
                              schema::Diagnostics& diagnostics) {
  const SourceEntry* entry = table.Find(type_name);
  if (entry == nullptr) TellUnknown(what, type_name, diagnostics);
  return entry;
}

bool IsConfigured(const CallScope& scope, schema::Diagnostics& diagnostics) {
  if (scope.context) return true;
  diagnostics.Error("Provider not configured", "Terraform asked for a resource before it configured the provider.");
  return false;
}

}  // namespace provider::rpc
