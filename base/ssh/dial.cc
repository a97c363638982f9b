// SPDX-License-Identifier: MPL-2.0
#include "base/ssh/dial.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>

#include "base/text.h"

namespace base::ssh {
namespace {

constexpr int kTickMilliseconds = 20;
constexpr std::chrono::seconds kConnectLimit{15};

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Error Unreachable(const std::string& host, int code) {
  return Error{ErrorKind::kUnavailable, Cat("no connection to ", Printable(host, 200), ": ", std::strerror(code))};
}

// True once connected, or an error; waits in ticks so that the call is heard.
Result<void> Connect(const Call& call, int socket, const addrinfo& address, const std::string& host) {
  if (connect(socket, address.ai_addr, address.ai_addrlen) == 0) return {};
  if (errno != EINPROGRESS) return Unreachable(host, errno);
  for (;;) {
    if (auto fine = call.Check(); !fine) return fine;
    pollfd ready{socket, POLLOUT, 0};
    if (poll(&ready, 1, kTickMilliseconds) <= 0) continue;
    int code = 0;
    socklen_t size = sizeof code;
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size);
    return code == 0 ? Result<void>() : Unreachable(host, code);
  }
}

}  // namespace

Result<Descriptor> Dial(const Call& call, const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0) {
    return Error{ErrorKind::kNotFound, Cat("the host ", Printable(host, 200), " is not known: ", gai_strerror(code))};
  }
  const Addresses addresses(found, freeaddrinfo);
  const Call limited = call.Within(kConnectLimit);
  Error last = Unreachable(host, EADDRNOTAVAIL);
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    Descriptor opened(socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol));
    if (!opened.is_open()) {
      if (errno == EMFILE) last = Unreachable(host, EMFILE);
      continue;
    }
    auto connected = Connect(limited, opened.number(), *one, host);
    if (connected) {
      fcntl(opened.number(), F_SETFL, fcntl(opened.number(), F_GETFL) & ~O_NONBLOCK);
      return opened;
    }
    last = std::move(connected).error();
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
  }
  if (last.kind == ErrorKind::kTimeout) last = Unreachable(host, ETIMEDOUT);
  return last;
}

Watch::Watch(const Call& call, int socket)
    : thread_([socket, stop = call.stop, left = call.TimeLeft()](const std::stop_token& done) {
        std::mutex mutex;
        std::condition_variable_any woken;
        std::stop_callback on_stop(stop, [&] {
          const std::lock_guard lock(mutex);
          woken.notify_all();
        });
        std::unique_lock lock(mutex);
        const bool stopped = woken.wait_for(lock, done, left, [&] { return stop.stop_requested(); });
        if (stopped || !done.stop_requested()) shutdown(socket, SHUT_RDWR);
      }) {}

Watch::~Watch() {
  thread_.request_stop();
  thread_.join();
}

}  // namespace base::ssh
