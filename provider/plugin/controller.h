// SPDX-License-Identifier: MPL-2.0
// go-plugin's controller: the host asks the process to end, and kills it two seconds later.
#pragma once

#include "provider/plugin/lifetime.h"
#include "provider/proto/go_plugin.grpc.pb.h"

namespace provider::plugin {

class Controller final : public ::plugin::GRPCController::Service {
 public:
  explicit Controller(Lifetime& lifetime) : lifetime_(lifetime) {}

  // Only signals `lifetime`: a server that is shut down in a handler waits for that handler.
  grpc::Status Shutdown(grpc::ServerContext*, const ::plugin::Empty*, ::plugin::Empty*) override;

 private:
  Lifetime& lifetime_;  // borrowed; outlives this
};

}  // namespace provider::plugin
