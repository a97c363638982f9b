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

grpc::Methods Service::Methods() {
  return {
#define CERTWRIGHT_RPC(name, message, place)                                                 \
  {"/tfplugin6.Provider/" #name, grpc::UnaryOf<pb::message::Request, pb::message::Response>( \
                                     [this](const auto& request, auto& reply) {              \
                                       Answer(shared_, #name, &rpc::name, request, reply);   \
                                       return grpc::Status{};                                \
                                     },                                                      \
                                     grpc::Place::place)},
#include "provider/rpc/rpcs.def"
#undef CERTWRIGHT_RPC
  };
}

}  // namespace provider::rpc
