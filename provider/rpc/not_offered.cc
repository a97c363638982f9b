// SPDX-License-Identifier: MPL-2.0
// The RPCs of what this provider does not have: data sources, ephemeral resources, functions, moves from other types. The schema
// lists none of them, so a well-behaved client never asks; another gets an answer in words.
#include "base/text.h"
#include "provider/rpc/handlers.h"

namespace provider::rpc {
namespace {

schema::Diagnostics NoSuch(std::string_view kind, std::string_view name) {
  schema::Diagnostics diagnostics;
  diagnostics.Error(base::Cat("Unknown ", kind),
                    base::Cat("This version of the provider has no ", kind, " of the name \"", name, "\"."));
  return diagnostics;
}

constexpr std::string_view kDataSource = "data source";
constexpr std::string_view kEphemeral = "ephemeral resource";
constexpr std::string_view kFunction = "function";

}  // namespace

schema::Diagnostics ValidateDataResourceConfig(const CallScope&, const pb::ValidateDataResourceConfig::Request& request,
                                               pb::ValidateDataResourceConfig::Response&) {
  return NoSuch(kDataSource, request.type_name());
}

schema::Diagnostics ReadDataSource(const CallScope&, const pb::ReadDataSource::Request& request, pb::ReadDataSource::Response&) {
  return NoSuch(kDataSource, request.type_name());
}

schema::Diagnostics ValidateEphemeralResourceConfig(const CallScope&, const pb::ValidateEphemeralResourceConfig::Request& request,
                                                    pb::ValidateEphemeralResourceConfig::Response&) {
  return NoSuch(kEphemeral, request.type_name());
}

schema::Diagnostics OpenEphemeralResource(const CallScope&, const pb::OpenEphemeralResource::Request& request,
                                          pb::OpenEphemeralResource::Response&) {
  return NoSuch(kEphemeral, request.type_name());
}

schema::Diagnostics RenewEphemeralResource(const CallScope&, const pb::RenewEphemeralResource::Request& request,
                                           pb::RenewEphemeralResource::Response&) {
  return NoSuch(kEphemeral, request.type_name());
}

schema::Diagnostics CloseEphemeralResource(const CallScope&, const pb::CloseEphemeralResource::Request& request,
                                           pb::CloseEphemeralResource::Response&) {
  return NoSuch(kEphemeral, request.type_name());
}

schema::Diagnostics GetFunctions(const CallScope&, const pb::GetFunctions::Request&, pb::GetFunctions::Response&) { return {}; }

schema::Diagnostics CallFunction(const CallScope&, const pb::CallFunction::Request& request, pb::CallFunction::Response&) {
  return NoSuch(kFunction, request.name());
}

schema::Diagnostics MoveResourceState(const CallScope&, const pb::MoveResourceState::Request& request,
                                      pb::MoveResourceState::Response&) {
  schema::Diagnostics diagnostics;
  diagnostics.Error(
      "Unsupported move",
      base::Cat("A ", request.source_type_name(), " of ", request.source_provider_address(), " cannot become a ",
                request.target_type_name(), " by a moved block: import the object, and remove the old one from the state."));
  return diagnostics;
}

}  // namespace provider::rpc
