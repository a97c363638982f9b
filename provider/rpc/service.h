// SPDX-License-Identifier: MPL-2.0
// Service: Terraform's plugin protocol 6 over a catalog of resources. Needs no process, socket or environment.
#pragma once

#include <chrono>

#include "provider/grpc/method.h"
#include "provider/rpc/call_scope.h"

namespace provider::rpc {

// Safe from many threads.
class Service {
 public:
  explicit Service(ServiceParts parts) : shared_(std::move(parts)) {}

  // The host was killed: what the present configuration does then. Before StopAndWait.
  void HostIsGone();
  // Tells the calls under way to stop, as StopProvider does, and waits for them, at most `limit`. True when none is left.
  bool StopAndWait(std::chrono::milliseconds limit);

  // The calls of rpcs.def. They borrow this.
  grpc::Methods Methods();

 private:
  Shared shared_;
};

}  // namespace provider::rpc
