// SPDX-License-Identifier: MPL-2.0
// go-plugin's stdio service: what was printed to the captured outputs goes to the host, which shows it as unexpected.
#pragma once

#include "provider/grpc/method.h"
#include "provider/plugin/outputs.h"

namespace provider::plugin {

class Stdio {
 public:
  explicit Stdio(const Outputs& outputs);
  ~Stdio();
  Stdio(const Stdio&) = delete;
  Stdio& operator=(const Stdio&) = delete;

  // StreamStdio. Borrows this.
  grpc::Methods Methods();
  // Ends every stream within a millisecond, for good.
  void Stop();

 private:
  // Ends when the host is gone or Stop was called; at once when nothing is captured.
  void Forward(grpc::Exchange& exchange) const;

  const Outputs outputs_;
  int stop_;  // an eventfd, so that a stream waits for it together with its pipes
};

}  // namespace provider::plugin
