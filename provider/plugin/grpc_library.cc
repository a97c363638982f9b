// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/grpc_library.h"

#include <absl/synchronization/mutex.h>
#include <grpc/support/log.h>

#include "base/environment.h"

namespace provider::plugin {
namespace {

// gRPC takes a function without context. Never destroyed: gRPC's threads may write until the process has ended.
const base::Log* grpc_log = nullptr;

void WriteGrpcMessage(gpr_log_func_args* message) { grpc_log->Debug("gRPC reported", {{base::key::kError, message->message}}); }

}  // namespace

void ClearGrpcEnvironment() { base::RemoveEnvironment("GRPC_"); }

void RouteGrpcLog(const base::Log& log) {
  grpc_log = new base::Log(log);
  gpr_set_log_function(&WriteGrpcMessage);
  // Debian's Abseil looks for deadlocks whenever one of gRPC's locks is taken.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace provider::plugin
