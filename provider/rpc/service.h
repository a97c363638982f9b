// SPDX-License-Identifier: MPL-2.0
// Service: Terraform's plugin protocol 6 over a catalog of resources. Needs no process, socket or environment.
#pragma once

#include <chrono>

#include "provider/proto/tfplugin6.grpc.pb.h"
#include "provider/rpc/call_scope.h"
#include "provider/rpc/handlers.h"

namespace provider::rpc {

// Safe from many threads, as gRPC's synchronous server calls it: each call has a thread of its own while it runs (ADR 0012).
class Service final : public pb::Provider::Service {
 public:
  explicit Service(ServiceParts parts) : shared_(std::move(parts)) {}

  // The host was killed: does what the present configuration prescribes for that. To be called before StopAndWait.
  void HostIsGone();
  // Before the process ends, once no call is under way: what the present configuration has to do then. Best effort, at most
  // `limit`.
  void End(std::chrono::milliseconds limit);
  // Tells the calls under way to stop, as StopProvider does, and waits for them for at most `limit`. True if none is left.
  bool StopAndWait(std::chrono::milliseconds limit);

#define CERTWRIGHT_RPC(name, message)                                                                                   \
  grpc::Status name(grpc::ServerContext*, const pb::message::Request* request, pb::message::Response* reply) override { \
    Answer(shared_, #name, &rpc::name, *request, *reply);                                                               \
    return grpc::Status::OK;                                                                                            \
  }
#include "provider/rpc/rpcs.def"
#undef CERTWRIGHT_RPC

 private:
  Shared shared_;
};

}  // namespace provider::rpc
