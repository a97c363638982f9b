// SPDX-License-Identifier: MPL-2.0
// Server: a gRPC server on a Unix socket, for hosts that start it and trust it: no limit on calls, no compression, no deadlines
// (the host's own end its wait).
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/result.h"
#include "provider/grpc/method.h"
#include "provider/grpc/outbox.h"
#include "provider/grpc/threads.h"
#include "provider/grpc/tls_identity.h"

namespace provider::grpc {

// One thread reads and writes all connections and answers the calls of Place::kLoop; each other call runs in a thread of its own.
class Server {
 public:
  // Serves at once. Without an identity: in clear. Errors: kInternal, with the system's reason.
  static base::Result<std::unique_ptr<Server>> Start(const std::string& socket, std::optional<TlsIdentity> identity,
                                                     Methods methods);
  // Closes every connection, and blocks until every call has ended.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Takes no more connections and calls, and waits until the answers of those under way are sent, at most `limit`.
  void Stop(std::chrono::milliseconds limit);

 private:
  enum class Wish { kServe, kStop, kClose };

  Server(int listener, std::optional<TlsIdentity> identity, Methods methods);
  void Loop();
  void Ask(Wish wish);
  Wish Asked();

  const int listener_;
  const std::optional<TlsIdentity> identity_;
  const Methods methods_;
  Outbox outbox_;
  Threads threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Wish wish_ = Wish::kServe;
  bool ended_ = false;
  std::thread loop_;
};

}  // namespace provider::grpc
