// SPDX-License-Identifier: MPL-2.0
// go-plugin's stdio service: what was printed to the captured outputs goes to the host, which shows it as unexpected.
#pragma once

#include "base/os/standard_outputs.h"
#include "base/os/waker.h"
#include "provider/proto/go_plugin.grpc.pb.h"

namespace provider::plugin {

class Stdio final : public ::plugin::GRPCStdio::Service {
 public:
  explicit Stdio(const base::os::StandardOutputs& outputs) : outputs_(outputs) {}

  // Ends when the host is gone or Stop was called; at once when nothing is captured.
  grpc::Status StreamStdio(grpc::ServerContext*, const ::plugin::Empty*,
                           grpc::ServerWriter<::plugin::StdioData>* writer) override;
  // Ends every stream within a millisecond, for good.
  void Stop() { stop_.Wake(); }

 private:
  const base::os::StandardOutputs outputs_;
  base::os::Waker stop_;
};

}  // namespace provider::plugin
