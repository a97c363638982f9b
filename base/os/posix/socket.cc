// SPDX-License-Identifier: MPL-2.0
#include "base/os/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

#include "base/os/posix/pipe.h"
#include "base/os/posix/system_error.h"
#include "base/text.h"

namespace base::os {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// By inet_pton, so that a numeric address never waits for name services.
std::optional<SocketAddress> ToSocketAddress(const std::string& host, std::uint16_t port) {
  SocketAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  const auto percent = host.find('%');
  if (inet_pton(AF_INET6, host.substr(0, percent).c_str(), &v6->sin6_addr) != 1) return std::nullopt;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  if (percent != std::string::npos) v6->sin6_scope_id = if_nametoindex(host.substr(percent + 1).c_str());
  address.size = sizeof(sockaddr_in6);
  return address;
}

Error Failure(int code) {
  return Error{code == EAFNOSUPPORT ? ErrorKind::kInvalid : ErrorKind::kUnavailable, SystemErrorText(code)};
}

// From errno, so to be called first after the failure.
bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

bool IsNumericAddress(const std::string& host) { return ToSocketAddress(host, 0).has_value(); }

std::size_t MaxUnixSocketPath() { return sizeof(sockaddr_un{}.sun_path) - 1; }

Result<Socket> Socket::Open(int family, int type, int protocol) {
  Socket opened(Descriptor(socket(family, type, protocol)));
  if (!opened.is_open() || !SetCloseOnExec(opened.number())) return Failure(errno);
  return opened;
}

Result<Socket> Socket::Connect(const std::string& host, std::uint16_t port, SocketKind kind) {
  const auto address = ToSocketAddress(host, port);
  if (!address) return Error{ErrorKind::kInvalid, Cat(Printable(host, 100), " is not a numeric address")};
  auto opened = Open(address->storage.ss_family, kind == SocketKind::kUdp ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (!opened) return opened;
  const int number = opened->number();
  if (!SetNonBlocking(number)) return Failure(errno);
  const int on = 1;
  if (kind == SocketKind::kTcp) setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(number, address->get(), address->size) != 0 && errno != EINPROGRESS) return Failure(errno);
  return opened;
}

Result<void> Socket::ConnectionResult() const {
  int code = 0;
  socklen_t size = sizeof(code);
  getsockopt(number(), SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) return Failure(code);
  return {};
}

Result<std::optional<std::size_t>> Socket::Send(std::string_view bytes) const {
  // TODO(port): macOS has SO_NOSIGPIPE instead of this flag.
  const ssize_t sent = send(number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return std::optional(static_cast<std::size_t>(sent));
  if (WouldBlock() || errno == ENOBUFS) return std::optional<std::size_t>();
  return Failure(errno);
}

Result<std::optional<std::size_t>> Socket::Receive(std::span<char> buffer) const {
  const ssize_t received = recv(number(), buffer.data(), buffer.size(), 0);
  if (received >= 0) return std::optional(static_cast<std::size_t>(received));
  if (WouldBlock()) return std::optional<std::size_t>();
  return Failure(errno);
}

void Socket::MakeBlocking() const { SetBlocking(number()); }

Result<Socket> Socket::Duplicate() const {
  Socket copy(Descriptor(fcntl(number(), F_DUPFD_CLOEXEC, 0)));
  if (!copy.is_open()) return Failure(errno);
  return copy;
}

void Socket::ShutDown() const { shutdown(number(), SHUT_RDWR); }

}  // namespace base::os
