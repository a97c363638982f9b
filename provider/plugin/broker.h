// SPDX-License-Identifier: MPL-2.0
// go-plugin's broker, which offers further connections. Terraform does not use them, but holds the broker's stream open for as
// long as it lives.
#pragma once

#include "provider/plugin/lifetime.h"
#include "provider/proto/go_plugin.grpc.pb.h"

namespace provider::plugin {

class Broker final : public ::plugin::GRPCBroker::Service {
 public:
  explicit Broker(Lifetime& lifetime) : lifetime_(lifetime) {}

  grpc::Status StartStream(grpc::ServerContext*,
                           grpc::ServerReaderWriter<::plugin::ConnInfo, ::plugin::ConnInfo>* stream) override;

 private:
  Lifetime& lifetime_;  // borrowed; outlives this
};

}  // namespace provider::plugin
