// SPDX-License-Identifier: MPL-2.0
// Non-blocking sockets to DNS servers. Only socket.cc and exchange.cc name the system's socket calls.
#pragma once

#include <utility>
#include <vector>

#include "base/call.h"
#include "base/dns/server_address.h"
#include "base/result.h"

namespace base::dns {

// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void Close() { *this = Descriptor(); }

 private:
  int number_ = -1;
};

enum class SocketKind { kUdp, kTcp };

// A connected UDP socket (the kernel then drops what comes from elsewhere), or a TCP socket whose connection is under way.
// `server.host` is a numeric address. Errors: kUnavailable (no route, no such address family here), kInvalid (not numeric).
Result<Descriptor> OpenSocket(const ServerAddress& server, SocketKind kind);

// The server's numeric addresses; one that is numeric already comes back at once. A name goes through getaddrinfo.
// Errors: kUnavailable (no such host), kCancelled, kTimeout.
Result<std::vector<ServerAddress>> ResolveHost(const Call& call, const ServerAddress& server);

}  // namespace base::dns
