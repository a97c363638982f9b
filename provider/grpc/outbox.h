// SPDX-License-Identifier: MPL-2.0
// Outbox: what the threads that serve calls hand to the one thread that writes to connections.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "provider/grpc/status.h"

namespace provider::grpc {

struct Output {
  std::uint64_t connection = 0;
  std::int32_t stream = 0;
  std::string body{};           // framed messages, or empty
  std::optional<Status> end{};  // set: the stream ends after the body
};

// Safe from many threads; nothing blocks.
class Outbox {
 public:
  Outbox();
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  void Put(Output output);
  // Wakes the taker with nothing to take.
  void Wake();
  // All that was put since the last time, in order; makes descriptor() silent.
  std::vector<Output> Take();
  // An eventfd, readable when there is something to take.
  int descriptor() const { return event_; }

 private:
  const int event_;
  std::mutex mutex_;
  std::vector<Output> waiting_;
};

}  // namespace provider::grpc
