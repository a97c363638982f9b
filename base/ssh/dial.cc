// SPDX-License-Identifier: MPL-2.0
#include "base/ssh/dial.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/host_lookup.h"
#include "base/os/poll.h"
#include "base/text.h"

namespace base::ssh {
namespace {

constexpr std::chrono::milliseconds kTick{20};
constexpr std::chrono::seconds kConnectLimit{15};

Error Unreachable(const std::string& host, std::string_view reason) {
  return Error{ErrorKind::kUnavailable, Cat("no connection to ", Printable(host, 200), ": ", reason)};
}

// Waits in ticks, so that the call is heard.
Result<os::Socket> Connect(const Call& call, const std::string& address, std::uint16_t port) {
  auto socket = os::Socket::Connect(address, port, os::SocketKind::kTcp);
  if (!socket) return socket;
  os::Polled connection{.number = socket->number(), .awaits_writing = true};
  while (!connection.is_ready) {
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    os::Poll(std::span(&connection, 1), kTick);
  }
  if (auto connected = socket->ConnectionResult(); !connected) return std::move(connected).error();
  socket->MakeBlocking();
  return socket;
}

}  // namespace

Result<os::Socket> Dial(const Call& call, const std::string& host, std::uint16_t port) {
  auto addresses = LookUpHost(call, host);
  if (!addresses && addresses.error().kind == ErrorKind::kNotFound) {
    return Error{ErrorKind::kNotFound, Cat("the host ", Printable(host, 200), " is not known: ", addresses.error().message)};
  }
  if (!addresses) return std::move(addresses).error();
  const Call limited = call.Within(kConnectLimit);
  Error last = Unreachable(host, "this machine has no address of its kind");
  for (const std::string& address : *addresses) {
    auto socket = Connect(limited, address, port);
    if (socket) return socket;
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    if (socket.error().kind == ErrorKind::kTimeout) return Unreachable(host, "no answer in time");
    if (socket.error().kind == ErrorKind::kUnavailable) last = Unreachable(host, socket.error().message);
  }
  return last;
}

Watch::Watch(const Call& call, const os::Socket& socket)
    : thread_([&socket, stop = call.stop, left = call.TimeLeft()](const std::stop_token& done) {
        std::mutex mutex;
        std::condition_variable_any woken;
        std::stop_callback on_stop(stop, [&] {
          const std::lock_guard lock(mutex);
          woken.notify_all();
        });
        std::unique_lock lock(mutex);
        const bool stopped = woken.wait_for(lock, done, left, [&] { return stop.stop_requested(); });
        if (stopped || !done.stop_requested()) socket.ShutDown();
      }) {}

Watch::~Watch() {
  thread_.request_stop();
  thread_.join();
}

}  // namespace base::ssh
