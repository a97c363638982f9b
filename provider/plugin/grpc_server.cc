// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/grpc_server.h"

#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <cstring>
#include <limits>

#include "base/encoding.h"
#include "base/text.h"

namespace provider::plugin {
namespace {

// The address as gRPC's server parses it: a URI for a Unix socket, whose folder may have any character in its name. Of TCP it
// knows no URI, unlike its clients.
std::string AddressOf(const Endpoint& endpoint) {
  if (endpoint.network == Network::kTcp) return endpoint.address;
  std::string uri = "unix:";
  for (const char c : endpoint.address) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::strchr("/-_.", c) != nullptr;
    uri += is_plain ? std::string(1, c) : base::Cat('%', base::Hex(std::string_view(&c, 1)));
  }
  return uri;
}

}  // namespace

base::Result<std::unique_ptr<grpc::Server>> StartGrpcServer(const Endpoint& endpoint,
                                                            const std::shared_ptr<grpc::ServerCredentials>& credentials,
                                                            std::span<grpc::Service* const> services,
                                                            const ServerLimits& limits) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(AddressOf(endpoint), credentials, &port);
  builder.SetMaxReceiveMessageSize(std::numeric_limits<int>::max());  // the default of 4 MiB is less than a value may have
  builder.SetMaxSendMessageSize(std::numeric_limits<int>::max());
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.concurrent_calls);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, static_cast<int>(limits.handshake.count()));
  // Else a process of the same user that listens on the port already shares it, and gets some of our host's connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  for (grpc::Service* service : services) builder.RegisterService(service);
  auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0)
    return base::Error{base::ErrorKind::kInternal, base::Cat("cannot listen at ", endpoint.address)};
  server->GetHealthCheckService()->SetServingStatus("plugin", true);
  return server;
}

}  // namespace provider::plugin
