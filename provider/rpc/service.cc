// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/service.h"

#include <utility>

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

grpc::ServerUnaryReactor* Service::Start(grpc::CallbackServerContext& context, Place place, std::function<void()> answer) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  if (place == Place::kInline) {
    answer();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  const bool started = threads_.Run([answer = std::move(answer), reactor] {
    answer();
    reactor->Finish(grpc::Status::OK);
  });
  if (!started) reactor->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "the system has no thread left for this call"});
  return reactor;
}

// gRPC keeps request and reply until the call has finished.
#define CERTWRIGHT_RPC(name, message, place)                                                                         \
  grpc::ServerUnaryReactor* Service::name(grpc::CallbackServerContext* context, const pb::message::Request* request, \
                                          pb::message::Response* reply) {                                            \
    return Start(*context, Place::place, [this, request, reply] { Run(#name, &rpc::name, *request, *reply); });      \
  }
#include "provider/rpc/rpcs.def"
#undef CERTWRIGHT_RPC

}  // namespace provider::rpc
