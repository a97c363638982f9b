// SPDX-License-Identifier: MPL-2.0
// Service: Terraform's plugin protocol 6 over a catalog of resources, as gRPC's callback server calls it. Needs no process,
// socket or environment.
#pragma once

#include <chrono>
#include <functional>

#include "provider/proto/tfplugin6.grpc.pb.h"
#include "provider/rpc/call_scope.h"
#include "provider/rpc/call_threads.h"

namespace provider::rpc {

// Safe from many threads.
class Service final : public pb::Provider::CallbackService {
 public:
  // `threads` (borrowed) outlives every call.
  Service(ServiceParts parts, CallThreads& threads) : shared_(std::move(parts)), threads_(threads) {}

  // The host was killed: does what the present configuration prescribes for that. To be called before StopAndWait.
  void HostIsGone();
  // Tells the calls under way to stop, as StopProvider does, and waits for them for at most `limit`. True if none is left.
  bool StopAndWait(std::chrono::milliseconds limit);

  // Answers within the process what the RPC of this name answers to a host. Blocks for as long as the RPC takes.
  template <typename Request, typename Reply>
  void Run(std::string_view rpc, Handler<Request, Reply> handler, const Request& request, Reply& reply) {
    Answer(shared_, rpc, handler, request, reply);
  }

#define CERTWRIGHT_RPC(name, message, place)                                                                \
  grpc::ServerUnaryReactor* name(grpc::CallbackServerContext* context, const pb::message::Request* request, \
                                 pb::message::Response* reply) override;
#include "provider/rpc/rpcs.def"
#undef CERTWRIGHT_RPC

 private:
  enum class Place { kInline, kThread };
  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext& context, Place place, std::function<void()> answer);

  Shared shared_;
  CallThreads& threads_;
};

}  // namespace provider::rpc
