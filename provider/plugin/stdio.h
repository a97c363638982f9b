// SPDX-License-Identifier: MPL-2.0
// go-plugin's stdio service: what was printed to the captured outputs goes to the host, which shows it as unexpected.
#pragma once

#include "provider/plugin/outputs.h"
#include "provider/proto/go_plugin.grpc.pb.h"

namespace provider::plugin {

class Stdio final : public ::plugin::GRPCStdio::Service {
 public:
  explicit Stdio(const Outputs& outputs);
  ~Stdio() override;
  Stdio(const Stdio&) = delete;
  Stdio& operator=(const Stdio&) = delete;

  // Ends when the host is gone or Stop was called; at once when nothing is captured.
  grpc::Status StreamStdio(grpc::ServerContext*, const ::plugin::Empty*,
                           grpc::ServerWriter<::plugin::StdioData>* writer) override;
  // Ends every stream within a millisecond, for good.
  void Stop();

 private:
  const Outputs outputs_;
  int stop_;  // an eventfd, so that a stream waits for it together with its pipes
};

}  // namespace provider::plugin
