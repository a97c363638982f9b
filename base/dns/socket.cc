// SPDX-License-Identifier: MPL-2.0
#include "base/dns/socket.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "base/text.h"

namespace base::dns {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// By inet_pton, so that a numeric address never waits for name services.
std::optional<SocketAddress> ToSocketAddress(const ServerAddress& server) {
  SocketAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (inet_pton(AF_INET, server.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(server.port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  const auto percent = server.host.find('%');
  if (inet_pton(AF_INET6, server.host.substr(0, percent).c_str(), &v6->sin6_addr) != 1) return std::nullopt;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(server.port);
  if (percent != std::string::npos) v6->sin6_scope_id = if_nametoindex(server.host.substr(percent + 1).c_str());
  address.size = sizeof(sockaddr_in6);
  return address;
}

std::string NumericText(const sockaddr* address, socklen_t size) {
  char host[NI_MAXHOST] = {};
  return getnameinfo(address, size, host, sizeof(host), nullptr, 0, NI_NUMERICHOST) == 0 ? std::string(host) : std::string();
}

struct Lookup {
  std::mutex mutex;
  std::condition_variable_any ended;
  bool is_done = false;
  int failure = 0;
  std::vector<ServerAddress> found;
};

void RunLookup(const ServerAddress& server, Lookup& lookup) {
  const addrinfo hints{.ai_flags = 0,
                       .ai_family = AF_UNSPEC,
                       .ai_socktype = SOCK_DGRAM,
                       .ai_protocol = 0,
                       .ai_addrlen = 0,
                       .ai_addr = nullptr,
                       .ai_canonname = nullptr,
                       .ai_next = nullptr};
  addrinfo* list = nullptr;
  const int failure = getaddrinfo(server.host.c_str(), nullptr, &hints, &list);
  std::vector<ServerAddress> found;
  for (const addrinfo* one = failure == 0 ? list : nullptr; one != nullptr; one = one->ai_next) {
    found.push_back({.host = NumericText(one->ai_addr, one->ai_addrlen), .port = server.port});
  }
  if (failure == 0) freeaddrinfo(list);
  std::lock_guard lock(lookup.mutex);
  lookup.failure = failure;
  lookup.found = std::move(found);
  lookup.is_done = true;
  lookup.ended.notify_all();
}

}  // namespace

Result<Descriptor> OpenSocket(const ServerAddress& server, SocketKind kind) {
  const auto address = ToSocketAddress(server);
  if (!address) return Error{ErrorKind::kInvalid, Cat(ToText(server), " is not a numeric address")};
  const int type = (kind == SocketKind::kUdp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  Descriptor opened(socket(address->storage.ss_family, type, 0));
  if (!opened.is_open() || (connect(opened.number(), address->get(), address->size) != 0 && errno != EINPROGRESS)) {
    return Error{ErrorKind::kUnavailable, std::generic_category().message(errno)};
  }
  const int on = 1;
  if (kind == SocketKind::kTcp) setsockopt(opened.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return opened;
}

Result<std::vector<ServerAddress>> ResolveHost(const Call& call, const ServerAddress& server) {
  if (ToSocketAddress(server)) return std::vector{server};
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  // getaddrinfo can neither be cancelled nor given a deadline: it runs on a thread that is left behind when the caller gives
  // up. Shared, since whoever ends last frees it.
  const auto lookup = std::make_shared<Lookup>();
  std::thread([server, lookup] { RunLookup(server, *lookup); }).detach();
  std::unique_lock lock(lookup->mutex);
  lookup->ended.wait_for(lock, call.stop, call.TimeLeft(), [&] { return lookup->is_done; });
  if (!lookup->is_done) {
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    return Error{ErrorKind::kTimeout, Cat("the name ", server.host, " was not resolved in time")};
  }
  if (lookup->failure != 0) {
    return Error{ErrorKind::kUnavailable, Cat("the name ", server.host, " has no address: ", gai_strerror(lookup->failure))};
  }
  return lookup->found;
}

}  // namespace base::dns
