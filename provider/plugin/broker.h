// SPDX-License-Identifier: MPL-2.0
// go-plugin's broker, which offers further connections. Terraform does not use them, but holds the broker's stream open for as
// long as it lives.
#pragma once

#include "provider/plugin/lifetime.h"
#include "provider/proto/go_plugin.grpc.pb.h"

namespace provider::plugin {

class Broker final : public ::plugin::GRPCBroker::CallbackService {
 public:
  explicit Broker(Lifetime& lifetime) : lifetime_(lifetime) {}

  grpc::ServerBidiReactor<::plugin::ConnInfo, ::plugin::ConnInfo>* StartStream(grpc::CallbackServerContext* context) override;

 private:
  Lifetime& lifetime_;  // borrowed; outlives this
};

}  // namespace provider::plugin
