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

// The address as gRPC parses it, a URI: a folder's name may have any character.
std::string UnixUri(const std::string& path) {
  std::string uri = "unix:";
  for (const char c : path) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::strchr("/-_.", c) != nullptr;
    uri += is_plain ? std::string(1, c) : base::Cat('%', base::Hex(std::string_view(&c, 1)));
  }
  return uri;
}

}  // namespace

base::Result<std::unique_ptr<grpc::Server>> StartGrpcServer(const std::string& socket,
                                                            const std::shared_ptr<grpc::ServerCredentials>& credentials,
                                                            std::span<grpc::Service* const> services,
                                                            const ServerLimits& limits) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(UnixUri(socket), credentials, &port);
  builder.SetMaxReceiveMessageSize(std::numeric_limits<int>::max());  // the default of 4 MiB is less than a value may have
  builder.SetMaxSendMessageSize(std::numeric_limits<int>::max());
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.concurrent_calls);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, static_cast<int>(limits.handshake.count()));
  for (grpc::Service* service : services) builder.RegisterService(service);
  auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0) return base::Error{base::ErrorKind::kInternal, base::Cat("cannot listen at ", socket)};
  server->GetHealthCheckService()->SetServingStatus("plugin", true);
  return server;
}

}  // namespace provider::plugin
