// SPDX-License-Identifier: MPL-2.0
// ConfigureProvider: may come many times to a process that Terraform reattaches to.
#include "provider/rpc/from_proto.h"
#include "provider/rpc/handlers.h"

namespace provider::rpc {

schema::Diagnostics ConfigureProvider(const CallScope& scope, const pb::ConfigureProvider::Request& request,
                                      pb::ConfigureProvider::Response&) {
  scope.call.log.Debug("configuring", {{base::key::kVersion, request.terraform_version()}});
  schema::Diagnostics diagnostics;
  const ServiceParts& parts = scope.shared.parts;
  const auto config =
      FromProto(request.config(), parts.provider_schema->ImpliedType(), "the provider's configuration", diagnostics);
  if (!config) return diagnostics;
  if (auto context = parts.configure(*config, diagnostics)) scope.shared.session.Configure(std::move(context));
  return diagnostics;
}

}  // namespace provider::rpc
