// SPDX-License-Identifier: MPL-2.0
// Service: Terraform's plugin protocol 6 over a catalog of resources. Needs no process, socket or environment.
#pragma once

#include <chrono>

#include "provider/proto/tfplugin6.grpc.pb.h"
#include "provider/rpc/call_scope.h"

namespace provider::rpc {

// Safe from many threads, as gRPC's synchronous server calls it: one thread for each call under way.
class Service final : public pb::Provider::Service {
 public:
  explicit Service(ServiceParts parts) : shared_(std::move(parts)) {}

  // The host was killed: what the present configuration does then. Before StopAndWait.
  void HostIsGone();
  // Tells the calls under way to stop, as StopProvider does, and waits for them, at most `limit`. True when none is left.
  bool StopAndWait(std::chrono::milliseconds limit);

  grpc::Status GetMetadata(grpc::ServerContext*, const pb::ProviderMetadata::Request*, pb::ProviderMetadata::Response*) override;
  grpc::Status GetProviderSchema(grpc::ServerContext*, const pb::GetProviderSchema::Request*,
                                 pb::GetProviderSchema::Response*) override;
  grpc::Status ValidateProviderConfig(grpc::ServerContext*, const pb::ValidateProviderConfig::Request*,
                                      pb::ValidateProviderConfig::Response*) override;
  grpc::Status ValidateResourceConfig(grpc::ServerContext*, const pb::ValidateResourceConfig::Request*,
                                      pb::ValidateResourceConfig::Response*) override;
  grpc::Status ValidateDataResourceConfig(grpc::ServerContext*, const pb::ValidateDataResourceConfig::Request*,
                                          pb::ValidateDataResourceConfig::Response*) override;
  grpc::Status UpgradeResourceState(grpc::ServerContext*, const pb::UpgradeResourceState::Request*,
                                    pb::UpgradeResourceState::Response*) override;
  grpc::Status ConfigureProvider(grpc::ServerContext*, const pb::ConfigureProvider::Request*,
                                 pb::ConfigureProvider::Response*) override;
  grpc::Status ReadResource(grpc::ServerContext*, const pb::ReadResource::Request*, pb::ReadResource::Response*) override;
  grpc::Status PlanResourceChange(grpc::ServerContext*, const pb::PlanResourceChange::Request*,
                                  pb::PlanResourceChange::Response*) override;
  grpc::Status ApplyResourceChange(grpc::ServerContext*, const pb::ApplyResourceChange::Request*,
                                   pb::ApplyResourceChange::Response*) override;
  grpc::Status ImportResourceState(grpc::ServerContext*, const pb::ImportResourceState::Request*,
                                   pb::ImportResourceState::Response*) override;
  grpc::Status MoveResourceState(grpc::ServerContext*, const pb::MoveResourceState::Request*,
                                 pb::MoveResourceState::Response*) override;
  grpc::Status ReadDataSource(grpc::ServerContext*, const pb::ReadDataSource::Request*, pb::ReadDataSource::Response*) override;
  grpc::Status ValidateEphemeralResourceConfig(grpc::ServerContext*, const pb::ValidateEphemeralResourceConfig::Request*,
                                               pb::ValidateEphemeralResourceConfig::Response*) override;
  grpc::Status OpenEphemeralResource(grpc::ServerContext*, const pb::OpenEphemeralResource::Request*,
                                     pb::OpenEphemeralResource::Response*) override;
  grpc::Status RenewEphemeralResource(grpc::ServerContext*, const pb::RenewEphemeralResource::Request*,
                                      pb::RenewEphemeralResource::Response*) override;
  grpc::Status CloseEphemeralResource(grpc::ServerContext*, const pb::CloseEphemeralResource::Request*,
                                      pb::CloseEphemeralResource::Response*) override;
  grpc::Status GetFunctions(grpc::ServerContext*, const pb::GetFunctions::Request*, pb::GetFunctions::Response*) override;
  grpc::Status CallFunction(grpc::ServerContext*, const pb::CallFunction::Request*, pb::CallFunction::Response*) override;
  grpc::Status StopProvider(grpc::ServerContext*, const pb::StopProvider::Request*, pb::StopProvider::Response*) override;

 private:
  template <typename Request, typename Reply>
  grpc::Status Run(std::string_view rpc, Handler<Request, Reply> handler, const Request* request, Reply* reply) {
    Answer(shared_, rpc, handler, *request, *reply);
    return grpc::Status::OK;
  }

  Shared shared_;
};

}  // namespace provider::rpc
