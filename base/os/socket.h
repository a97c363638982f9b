// SPDX-License-Identifier: MPL-2.0
// Socket: one UDP or TCP socket to an address, owned, and never inherited by another program. It does not block unless told to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace base::os {

enum class SocketKind { kUdp, kTcp };

bool IsNumericAddress(const std::string& host);

// The longest path, in bytes, that a Unix socket can have.
std::size_t MaxUnixSocketPath();

class Socket {
 public:
  Socket() = default;  // not open

  // A connected UDP socket (the system then drops what comes from elsewhere), or a TCP socket whose connection is under way.
  // `host`: a numeric address, with its zone if it is local to a link. Errors: kInvalid (not numeric, or of a family that this
  // machine does not have), kUnavailable.
  static Result<Socket> Connect(const std::string& host, std::uint16_t port, SocketKind kind);
  // For a library that connects by itself; the numbers are the system's. Blocks. Errors: as those of Connect.
  static Result<Socket> Open(int family, int type, int protocol);

  bool is_open() const { return descriptor_.is_open(); }
  int number() const { return descriptor_.number(); }
  int Release() { return descriptor_.Release(); }
  void Close() { descriptor_.Close(); }

  // How the connection ended up, once Poll says that the socket can be written to. Errors: kUnavailable.
  Result<void> ConnectionResult() const;
  // How many bytes were taken; empty if there is no room now. Errors: kUnavailable.
  Result<std::optional<std::size_t>> Send(std::string_view bytes) const;
  // How many bytes came; empty if there are none now; 0 when the other side has closed a TCP connection. Errors: kUnavailable.
  Result<std::optional<std::size_t>> Receive(std::span<char> buffer) const;

  void MakeBlocking() const;
  // Another owner of the same socket. Errors: kUnavailable.
  Result<Socket> Duplicate() const;
  // Ends the connection under whoever blocks on it. From any thread.
  void ShutDown() const;

 private:
  explicit Socket(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  Descriptor descriptor_;
};

}  // namespace base::os
