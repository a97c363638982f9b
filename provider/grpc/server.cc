// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/server.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "base/text.h"
#include "provider/grpc/connection.h"

namespace provider::grpc {
namespace {

base::Error Failure(std::string_view step) {
  return base::Error{base::ErrorKind::kInternal, base::Cat("cannot ", step, ": ", std::strerror(errno))};
}

base::Result<int> Listen(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return base::Error{base::ErrorKind::kInternal, "the socket's path is too long"};
  std::ranges::copy(path, address.sun_path);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return Failure("make a socket");
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener, SOMAXCONN) != 0) {
    const base::Error failure = Failure(base::Cat("listen at ", path));
    close(listener);
    return failure;
  }
  return listener;
}

// The connections of a server, by their ids; for its loop.
class Connections {
 public:
  Connections(const TlsIdentity* identity, const Served& served) : identity_(identity), served_(served) {}

  void Accept(int listener) {
    for (;;) {
      const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (socket < 0) return;
      const std::uint64_t id = ++last_;
      all_[id] = std::make_unique<Connection>(id, MakeChannel(socket, identity_), served_);
    }
  }

  void Put(std::vector<Output> outputs) {
    for (Output& output : outputs) {
      const auto found = all_.find(output.connection);
      if (found != all_.end()) found->second->Put(std::move(output));
    }
  }

  void GoAway() {
    for (const auto& [id, connection] : all_) connection->GoAway();
  }

  // One entry for each, in the order of their ids.
  void AppendTo(std::vector<pollfd>& waited) const {
    for (const auto& [id, connection] : all_) {
      const short events = connection->waits_to_write() ? POLLIN | POLLOUT : POLLIN;
      waited.push_back({connection->descriptor(), events, 0});
    }
  }

  // `waited`: of AppendTo; those that were accepted since have no entry.
  void Move(std::span<const pollfd> waited) {
    std::size_t index = 0;
    std::erase_if(all_, [&](const auto& entry) {
      const bool readable = index >= waited.size() || (waited[index].revents & ~POLLOUT) != 0;
      ++index;
      return !entry.second->Move(readable);
    });
  }

  bool empty() const { return all_.empty(); }

 private:
  const TlsIdentity* identity_;
  const Served served_;
  std::map<std::uint64_t, std::unique_ptr<Connection>> all_;
  std::uint64_t last_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::Start(const std::string& socket, std::optional<TlsIdentity> identity,
                                                    Methods methods) {
  const auto listener = Listen(socket);
  if (!listener) return listener.error();
  return std::unique_ptr<Server>(new Server(*listener, std::move(identity), std::move(methods)));
}

Server::Server(int listener, std::optional<TlsIdentity> identity, Methods methods)
    : listener_(listener), identity_(std::move(identity)), methods_(std::move(methods)), loop_([this] { Loop(); }) {}

Server::~Server() {
  Ask(Wish::kClose);
  loop_.join();
  close(listener_);
}

void Server::Stop(std::chrono::milliseconds limit) {
  Ask(Wish::kStop);
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return ended_; });
}

void Server::Ask(Wish wish) {
  {
    const std::lock_guard lock(mutex_);
    wish_ = wish;
  }
  outbox_.Wake();
}

Server::Wish Server::Asked() {
  const std::lock_guard lock(mutex_);
  return wish_;
}

void Server::Loop() {
  Connections connections(identity_ ? &*identity_ : nullptr, {methods_, threads_, outbox_});
  bool stopping = false;
  std::vector<pollfd> waited;
  for (;;) {
    waited = {{outbox_.descriptor(), POLLIN, 0}, {stopping ? -1 : listener_, POLLIN, 0}};
    connections.AppendTo(waited);
    if (poll(waited.data(), waited.size(), -1) < 0) continue;
    if (waited[0].revents != 0) {
      const Wish wish = Asked();
      if (wish == Wish::kClose) break;
      connections.Put(outbox_.Take());
      if (wish == Wish::kStop && !std::exchange(stopping, true)) connections.GoAway();
    }
    if (waited[1].revents != 0) connections.Accept(listener_);
    connections.Move(std::span(waited).subspan(2));
    if (stopping && connections.empty()) break;
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

}  // namespace provider::grpc
