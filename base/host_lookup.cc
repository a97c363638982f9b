// SPDX-License-Identifier: MPL-2.0
#include "base/host_lookup.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "base/os/name_service.h"
#include "base/os/socket.h"
#include "base/text.h"

namespace base {
namespace {

struct Lookup {
  std::mutex mutex;
  std::condition_variable_any ended;
  std::optional<Result<std::vector<std::string>>> outcome;
};

}  // namespace

Result<std::vector<std::string>> LookUpHost(const Call& call, const std::string& host) {
  if (os::IsNumericAddress(host)) return std::vector{host};
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  // The name service can neither be cancelled nor given a deadline: it runs on a thread that is left behind when the caller gives
  // up. Shared, since whoever ends last frees it.
  const auto lookup = std::make_shared<Lookup>();
  const auto ask = [host, lookup]() noexcept {
    Result<std::vector<std::string>> addresses = Error{ErrorKind::kInternal, "out of memory"};  // a text that needs none
    try {
      addresses = os::AskNameService(host);
    } catch (const std::exception&) {
    }
    std::lock_guard lock(lookup->mutex);
    lookup->outcome = std::move(addresses);
    lookup->ended.notify_all();
  };
  try {
    std::thread(ask).detach();
  } catch (const std::system_error&) {
    return Error{ErrorKind::kUnavailable, Cat("the name ", Printable(host, 100), " was not resolved: no thread can be started")};
  }
  std::unique_lock lock(lookup->mutex);
  lookup->ended.wait_for(lock, call.stop, call.TimeLeft(), [&] { return lookup->outcome.has_value(); });
  if (lookup->outcome) return *std::move(lookup->outcome);
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  return Error{ErrorKind::kTimeout, Cat("the name ", Printable(host, 100), " was not resolved in time")};
}

}  // namespace base
