// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/service.h"

#include "provider/rpc/handlers.h"

namespace provider::rpc {

void Service::HostIsGone() {
  const auto context = shared_.session.Present().context;
  if (context && context->host_is_gone) context->host_is_gone();
}

bool Service::StopAndWait(std::chrono::milliseconds limit) {
  shared_.session.Stop();
  return shared_.session.WaitIdle(limit);
}

grpc::Status Service::GetMetadata(grpc::ServerContext*, const pb::ProviderMetadata::Request* request,
                                  pb::ProviderMetadata::Response* reply) {
  return Run("GetMetadata", &rpc::GetMetadata, request, reply);
}

grpc::Status Service::GetProviderSchema(grpc::ServerContext*, const pb::GetProviderSchema::Request* request,
                                        pb::GetProviderSchema::Response* reply) {
  return Run("GetProviderSchema", &rpc::GetProviderSchema, request, reply);
}

grpc::Status Service::ValidateProviderConfig(grpc::ServerContext*, const pb::ValidateProviderConfig::Request* request,
                                             pb::ValidateProviderConfig::Response* reply) {
  return Run("ValidateProviderConfig", &rpc::ValidateProviderConfig, request, reply);
}

grpc::Status Service::ValidateResourceConfig(grpc::ServerContext*, const pb::ValidateResourceConfig::Request* request,
                                             pb::ValidateResourceConfig::Response* reply) {
  return Run("ValidateResourceConfig", &rpc::ValidateResourceConfig, request, reply);
}

grpc::Status Service::ValidateDataResourceConfig(grpc::ServerContext*, const pb::ValidateDataResourceConfig::Request* request,
                                                 pb::ValidateDataResourceConfig::Response* reply) {
  return Run("ValidateDataResourceConfig", &rpc::ValidateDataResourceConfig, request, reply);
}

grpc::Status Service::UpgradeResourceState(grpc::ServerContext*, const pb::UpgradeResourceState::Request* request,
                                           pb::UpgradeResourceState::Response* reply) {
  return Run("UpgradeResourceState", &rpc::UpgradeResourceState, request, reply);
}

grpc::Status Service::ConfigureProvider(grpc::ServerContext*, const pb::ConfigureProvider::Request* request,
                                        pb::ConfigureProvider::Response* reply) {
  return Run("ConfigureProvider", &rpc::ConfigureProvider, request, reply);
}

grpc::Status Service::ReadResource(grpc::ServerContext*, const pb::ReadResource::Request* request,
                                   pb::ReadResource::Response* reply) {
  return Run("ReadResource", &rpc::ReadResource, request, reply);
}

grpc::Status Service::PlanResourceChange(grpc::ServerContext*, const pb::PlanResourceChange::Request* request,
                                         pb::PlanResourceChange::Response* reply) {
  return Run("PlanResourceChange", &rpc::PlanResourceChange, request, reply);
}

grpc::Status Service::ApplyResourceChange(grpc::ServerContext*, const pb::ApplyResourceChange::Request* request,
                                          pb::ApplyResourceChange::Response* reply) {
  return Run("ApplyResourceChange", &rpc::ApplyResourceChange, request, reply);
}

grpc::Status Service::ImportResourceState(grpc::ServerContext*, const pb::ImportResourceState::Request* request,
                                          pb::ImportResourceState::Response* reply) {
  return Run("ImportResourceState", &rpc::ImportResourceState, request, reply);
}

grpc::Status Service::MoveResourceState(grpc::ServerContext*, const pb::MoveResourceState::Request* request,
                                        pb::MoveResourceState::Response* reply) {
  return Run("MoveResourceState", &rpc::MoveResourceState, request, reply);
}

grpc::Status Service::ReadDataSource(grpc::ServerContext*, const pb::ReadDataSource::Request* request,
                                     pb::ReadDataSource::Response* reply) {
  return Run("ReadDataSource", &rpc::ReadDataSource, request, reply);
}

grpc::Status Service::ValidateEphemeralResourceConfig(grpc::ServerContext*,
                                                      const pb::ValidateEphemeralResourceConfig::Request* request,
                                                      pb::ValidateEphemeralResourceConfig::Response* reply) {
  return Run("ValidateEphemeralResourceConfig", &rpc::ValidateEphemeralResourceConfig, request, reply);
}

grpc::Status Service::OpenEphemeralResource(grpc::ServerContext*, const pb::OpenEphemeralResource::Request* request,
                                            pb::OpenEphemeralResource::Response* reply) {
  return Run("OpenEphemeralResource", &rpc::OpenEphemeralResource, request, reply);
}

grpc::Status Service::RenewEphemeralResource(grpc::ServerContext*, const pb::RenewEphemeralResource::Request* request,
                                             pb::RenewEphemeralResource::Response* reply) {
  return Run("RenewEphemeralResource", &rpc::RenewEphemeralResource, request, reply);
}

grpc::Status Service::CloseEphemeralResource(grpc::ServerContext*, const pb::CloseEphemeralResource::Request* request,
                                             pb::CloseEphemeralResource::Response* reply) {
  return Run("CloseEphemeralResource", &rpc::CloseEphemeralResource, request, reply);
}

grpc::Status Service::GetFunctions(grpc::ServerContext*, const pb::GetFunctions::Request* request,
                                   pb::GetFunctions::Response* reply) {
  return Run("GetFunctions", &rpc::GetFunctions, request, reply);
}

grpc::Status Service::CallFunction(grpc::ServerContext*, const pb::CallFunction::Request* request,
                                   pb::CallFunction::Response* reply) {
  return Run("CallFunction", &rpc::CallFunction, request, reply);
}

grpc::Status Service::StopProvider(grpc::ServerContext*, const pb::StopProvider::Request* request,
                                   pb::StopProvider::Response* reply) {
  return Run("StopProvider", &rpc::StopProvider, request, reply);
}

}  // namespace provider::rpc
