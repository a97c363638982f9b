// SPDX-License-Identifier: MPL-2.0
#include "tests/support/tunnel_proxy.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>

#include "base/text.h"

namespace tests {
namespace {

sockaddr_in ProxyAddress(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// Takes the request's head; true when it is a CONNECT.
bool TakeConnect(int client) {
  std::string head;
  char byte = 0;
  while (!head.ends_with("\r\n\r\n")) {
    if (recv(client, &byte, 1, 0) != 1) return false;
    head.push_back(byte);
  }
  return head.starts_with("CONNECT ");
}

// False when that side has ended.
bool Pass(int from, int to) {
  std::array<char, 16384> bytes;
  const ssize_t count = recv(from, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  std::string_view left(bytes.data(), static_cast<std::size_t>(count));
  while (!left.empty()) {
    const ssize_t sent = send(to, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void PassBothWays(int client, int server) {
  std::array<pollfd, 2> sides{pollfd{.fd = client, .events = POLLIN, .revents = 0},
                              pollfd{.fd = server, .events = POLLIN, .revents = 0}};
  while (poll(sides.data(), sides.size(), -1) > 0) {
    if (sides[0].revents != 0 && !Pass(client, server)) return;
    if (sides[1].revents != 0 && !Pass(server, client)) return;
  }
}

}  // namespace

TunnelProxy::TunnelProxy(int target_port) : target_port_(target_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = ProxyAddress(0);
  socklen_t length = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0 || listen(listener_, 16) != 0) {
    throw std::runtime_error("no port on loopback");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

TunnelProxy::~TunnelProxy() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  {
    std::lock_guard lock(mutex_);
    for (const int socket : open_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
}

std::string TunnelProxy::url() const { return base::Cat("http://127.0.0.1:", port_); }

void TunnelProxy::Accept() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    std::lock_guard lock(mutex_);
    open_.push_back(client);
    workers_.emplace_back([this, client] { Serve(client); });
  }
}

void TunnelProxy::Serve(int client) {
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = ProxyAddress(target_port_);
  constexpr std::string_view kGoOn = "HTTP/1.1 200 OK\r\n\r\n";
  if (TakeConnect(client) && connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(client, kGoOn.data(), kGoOn.size(), MSG_NOSIGNAL) > 0) {
    PassBothWays(client, server);
  }
  close(server);
  std::lock_guard lock(mutex_);
  std::erase(open_, client);
  close(client);
}

}  // namespace tests
