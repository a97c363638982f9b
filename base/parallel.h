// SPDX-License-Identifier: MPL-2.0
// Loops whose iterations block, run in parallel on threads that live no longer than the loop.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"

namespace base {

// Calls `work(i)` for each i below `count`, at most `max_concurrency` at a time, and returns when all calls have returned.
// If a call throws, no further one starts, and the first exception is rethrown here.
template <typename Work>
void ForEachInParallel(std::size_t count, std::size_t max_concurrency, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr thrown;  // guarded by mutex
  const auto run = [&]() noexcept {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!thrown) thrown = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(count, max_concurrency); ++i) others.emplace_back(run);
    run();
  }
  if (thrown) std::rethrow_exception(thrown);
}

// True for errors of one request that the next request to the same server would get as well.
inline bool WouldRepeat(const Error& error) {
  return error.kind == ErrorKind::kDenied || error.kind == ErrorKind::kUntrusted || error.kind == ErrorKind::kCancelled ||
         error.kind == ErrorKind::kTimeout || error.kind == ErrorKind::kRateLimited;
}

// As ForEachInParallel, for work that returns a Result<void>. Returns the failure with the lowest index. No call starts after a
// failure that it would repeat; after other failures the rest is still attempted.
template <typename Work>
Result<void> TryForEachInParallel(std::size_t count, std::size_t max_concurrency, const Work& work) {
  std::vector<Result<void>> results(count);
  std::atomic<bool> is_over = false;
  ForEachInParallel(count, max_concurrency, [&](std::size_t i) {
    if (is_over) return;
    results[i] = work(i);
    if (!results[i] && WouldRepeat(results[i].error())) is_over = true;
  });
  const auto failed = std::find_if(results.begin(), results.end(), [](const Result<void>& result) { return !result; });
  return failed == results.end() ? Result<void>() : *std::move(failed);
}

}  // namespace base
