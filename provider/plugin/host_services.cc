// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/host_services.h"

#include "provider/proto/go_plugin.pb.h"
#include "provider/proto/health.pb.h"

namespace provider::plugin {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

grpc::Status CheckHealth(const HealthCheckRequest& request, HealthCheckResponse& response) {
  if (!request.service().empty() && request.service() != "plugin") return {grpc::Code::kNotFound, "no such service"};
  response.set_status(HealthCheckResponse::SERVING);
  return {};
}

}  // namespace

grpc::Methods HostServices(Lifetime& lifetime) {
  return {
      {"/plugin.GRPCController/Shutdown",
       // Only says so: who ends the server waits for its calls.
       grpc::UnaryOf<::plugin::Empty, ::plugin::Empty>([&lifetime](const ::plugin::Empty&, ::plugin::Empty&) {
         lifetime.Shutdown();
         return grpc::Status{};
       })},
      {"/plugin.GRPCBroker/StartStream",
       [&lifetime](grpc::Exchange& exchange) {
         lifetime.StreamOpened();
         exchange.WaitForPeer();
         lifetime.StreamClosed();
       }},
      {"/grpc.health.v1.Health/Check", grpc::UnaryOf<HealthCheckRequest, HealthCheckResponse>(&CheckHealth)},
  };
}

}  // namespace provider::plugin
