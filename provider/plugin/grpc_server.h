// SPDX-License-Identifier: MPL-2.0
// gRPC's server, with the limits that a plugin needs.
#pragma once

#include <grpcpp/server.h>

#include <chrono>
#include <memory>
#include <span>

#include "base/result.h"
#include "provider/plugin/endpoint.h"

namespace provider::plugin {

struct ServerLimits {
  // Far more than Terraform's -parallelism ever is: a host that has reached the limit could not send StopProvider either.
  int concurrent_calls = 16'384;  // per connection
  // A client that connects and says nothing is dropped then.
  std::chrono::milliseconds handshake{10'000};
};

// Serves at once, with gRPC's health service for "plugin" beside the given ones. Messages may have any size up to protobuf's 2
// GiB. `services` (borrowed) outlive the server. Errors: kInternal if it cannot listen at the endpoint, or another process does.
base::Result<std::unique_ptr<grpc::Server>> StartGrpcServer(const Endpoint& endpoint,
                                                            const std::shared_ptr<grpc::ServerCredentials>& credentials,
                                                            std::span<grpc::Service* const> services,
                                                            const ServerLimits& limits = {});

}  // namespace provider::plugin
