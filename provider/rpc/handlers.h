// SPDX-License-Identifier: MPL-2.0
// One function for each RPC: look up, convert, call, convert back. None fails: what went wrong is what it returns. Each is
// defined in the file of its name, or of what it is about (functions.cc).
#pragma once

#include "provider/proto/tfplugin6.pb.h"
#include "provider/rpc/call_scope.h"

namespace provider::rpc {

schema::Diagnostics GetMetadata(const CallScope&, const pb::ProviderMetadata::Request&, pb::ProviderMetadata::Response&);
schema::Diagnostics GetProviderSchema(const CallScope&, const pb::GetProviderSchema::Request&, pb::GetProviderSchema::Response&);
schema::Diagnostics ValidateProviderConfig(const CallScope&, const pb::ValidateProviderConfig::Request&,
                                           pb::ValidateProviderConfig::Response&);
schema::Diagnostics ValidateResourceConfig(const CallScope&, const pb::ValidateResourceConfig::Request&,
                                           pb::ValidateResourceConfig::Response&);
schema::Diagnostics UpgradeResourceState(const CallScope&, const pb::UpgradeResourceState::Request&,
                                         pb::UpgradeResourceState::Response&);
schema::Diagnostics ConfigureProvider(const CallScope&, const pb::ConfigureProvider::Request&, pb::ConfigureProvider::Response&);
schema::Diagnostics ReadResource(const CallScope&, const pb::ReadResource::Request&, pb::ReadResource::Response&);
schema::Diagnostics PlanResourceChange(const CallScope&, const pb::PlanResourceChange::Request&,
                                       pb::PlanResourceChange::Response&);
schema::Diagnostics ApplyResourceChange(const CallScope&, const pb::ApplyResourceChange::Request&,
                                        pb::ApplyResourceChange::Response&);
schema::Diagnostics ImportResourceState(const CallScope&, const pb::ImportResourceState::Request&,
                                        pb::ImportResourceState::Response&);
schema::Diagnostics StopProvider(const CallScope&, const pb::StopProvider::Request&, pb::StopProvider::Response&);

schema::Diagnostics MoveResourceState(const CallScope&, const pb::MoveResourceState::Request&, pb::MoveResourceState::Response&);
schema::Diagnostics ValidateDataResourceConfig(const CallScope&, const pb::ValidateDataResourceConfig::Request&,
                                               pb::ValidateDataResourceConfig::Response&);
schema::Diagnostics ReadDataSource(const CallScope&, const pb::ReadDataSource::Request&, pb::ReadDataSource::Response&);
schema::Diagnostics ValidateEphemeralResourceConfig(const CallScope&, const pb::ValidateEphemeralResourceConfig::Request&,
                                                    pb::ValidateEphemeralResourceConfig::Response&);
schema::Diagnostics OpenEphemeralResource(const CallScope&, const pb::OpenEphemeralResource::Request&,
                                          pb::OpenEphemeralResource::Response&);
schema::Diagnostics RenewEphemeralResource(const CallScope&, const pb::RenewEphemeralResource::Request&,
                                           pb::RenewEphemeralResource::Response&);
schema::Diagnostics CloseEphemeralResource(const CallScope&, const pb::CloseEphemeralResource::Request&,
                                           pb::CloseEphemeralResource::Response&);
schema::Diagnostics GetFunctions(const CallScope&, const pb::GetFunctions::Request&, pb::GetFunctions::Response&);
schema::Diagnostics CallFunction(const CallScope&, const pb::CallFunction::Request&, pb::CallFunction::Response&);

}  // namespace provider::rpc
