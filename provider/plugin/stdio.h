// SPDX-License-Identifier: MPL-2.0
// go-plugin's stdio service: what was printed to the captured outputs goes to the host, which shows it as unexpected.
#pragma once

#include "provider/plugin/outputs.h"
#include "provider/proto/go_plugin.grpc.pb.h"
#include "provider/rpc/call_threads.h"

namespace provider::plugin {

class Stdio final : public ::plugin::GRPCStdio::CallbackService {
 public:
  // `threads` (borrowed) outlives every stream; each stream occupies one of them.
  Stdio(const Outputs& outputs, rpc::CallThreads& threads);
  ~Stdio() override;
  Stdio(const Stdio&) = delete;
  Stdio& operator=(const Stdio&) = delete;

  // The stream ends when the host is gone or Stop was called; at once if nothing is captured.
  grpc::ServerWriteReactor<::plugin::StdioData>* StreamStdio(grpc::CallbackServerContext*, const ::plugin::Empty*) override;
  // Ends every stream within a millisecond, for good.
  void Stop();

 private:
  const Outputs outputs_;
  rpc::CallThreads& threads_;
  int stop_;  // an eventfd, so that a stream waits for it together with its pipes
};

}  // namespace provider::plugin
