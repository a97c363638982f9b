// SPDX-License-Identifier: MPL-2.0
// ValidateProviderConfig and ValidateResourceConfig: before any configuration, with values that may be unknown.
#include <optional>
#include <vector>

#include "base/text.h"
#include "provider/rpc/from_proto.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"
#include "provider/rpc/write_only.h"

namespace provider::rpc {

schema::Diagnostics ValidateProviderConfig(const CallScope& scope, const pb::ValidateProviderConfig::Request& request,
                                           pb::ValidateProviderConfig::Response&) {
  schema::Diagnostics diagnostics;
  const schema::Schema& schema = *scope.shared.parts.provider_schema;
  const auto config = FromProto(request.config(), schema.ImpliedType(), "the provider's configuration", diagnostics);
  return config ? schema::ValidateConfig(schema, *config) : diagnostics;
}

schema::Diagnostics ValidateResourceConfig(const CallScope& scope, const pb::ValidateResourceConfig::Request& request,
                                           pb::ValidateResourceConfig::Response&) {
  schema::Diagnostics diagnostics;
  const ResourceEntry* entry = FindResource(scope, request.type_name(), diagnostics);
  if (entry == nullptr) return diagnostics;
  const auto config = FromProto(request.config(), entry->type(), "the configuration", diagnostics);
  if (!config) return diagnostics;
  diagnostics = schema::ValidateConfig(entry->schema(), *config);
  if (!request.client_capabilities().write_only_attributes_allowed()) {
    for (const schema::cty::Path& path : WriteOnlyPaths(entry->schema().attributes, *config)) {
      diagnostics.Error("Write-only attributes need Terraform 1.11 or OpenTofu 1.11",
                        base::Cat("\"", path.ToText(), "\" is write-only, so that its value never gets into plan or state. ",
                                  "This client does not know such attributes: use Terraform 1.11, OpenTofu 1.11, or newer."),
                        path);
    }
  }
  entry->resource().Validate(*config, diagnostics);
  return diagnostics;
}

}  // namespace provider::rpc
