// SPDX-License-Identifier: MPL-2.0
// Exchange: a stream between the thread that serves it and the connection that it belongs to.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include "provider/grpc/outbox.h"

namespace provider::grpc {

// Safe from many threads.
class Exchange {
 public:
  // `outbox` outlives this.
  Exchange(Outbox& outbox, std::uint64_t connection, std::int32_t stream)
      : outbox_(outbox), connection_(connection), stream_(stream) {}

  // For the thread that serves the stream.
  // Sends a framed message; blocks while the one before waits for the peer to read. False when the peer is gone.
  bool Write(std::string framed);
  // Blocks until the peer will send no more, or is gone. What it sent is not kept.
  void WaitForPeer();

  // For the connection.
  void Taken();
  void PeerEnded();
  void PeerGone();

 private:
  Outbox& outbox_;
  const std::uint64_t connection_;
  const std::int32_t stream_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool written_ = false;  // and not taken
  bool ended_ = false;
  bool gone_ = false;
};

}  // namespace provider::grpc
