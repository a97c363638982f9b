// SPDX-License-Identifier: MPL-2.0
// What go-plugin's host side expects beside the provider itself: process control, a health check, and a broker for further
// connections.
#pragma once

#include "provider/grpc/method.h"
#include "provider/plugin/lifetime.h"

namespace provider::plugin {

// - GRPCController.Shutdown: the host asks the process to end, and gives it two seconds.
// - GRPCBroker.StartStream: offers connections, which Terraform does not use; open for as long as the host lives.
// - grpc.health.v1.Health.Check: of the service "plugin", and of the server as a whole.
// `lifetime` outlives them.
grpc::Methods HostServices(Lifetime& lifetime);

}  // namespace provider::plugin
