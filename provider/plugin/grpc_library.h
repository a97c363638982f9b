// SPDX-License-Identifier: MPL-2.0
// What gRPC's library may read from the environment and write to the log: nothing, and through ours.
#pragma once

#include "base/log.h"

namespace provider::plugin {

// Removes every GRPC_* variable from the environment: with GRPC_TRACE=secure_endpoint, gRPC 1.51 prints decrypted messages, and
// with them write-only values and the sealing key. To be called before any thread starts and before gRPC is used.
void ClearGrpcEnvironment();

// gRPC's own messages go to `log` at debug level, as text alone, from now on until the process ends. To be called once.
void RouteGrpcLog(const base::Log& log);

}  // namespace provider::plugin
