// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/at_once.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace engine::dns {
namespace {

using base::ErrorKind;
using base::Result;

constexpr std::size_t kThreads = 4;

bool IsFinal(const base::Error& error) {
  return error.kind == ErrorKind::kDenied || error.kind == ErrorKind::kUntrusted || error.kind == ErrorKind::kCancelled ||
         error.kind == ErrorKind::kTimeout || error.kind == ErrorKind::kRateLimited;
}

}  // namespace

Result<void> ForEachAtOnce(std::size_t count, const std::function<Result<void>(std::size_t)>& work) {
  std::vector<Result<void>> results(count);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> is_over = false;
  const auto run = [&] {
    for (std::size_t i = next++; i < count && !is_over; i = next++) {
      results[i] = work(i);
      if (!results[i] && IsFinal(results[i].error())) is_over = true;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(count, kThreads); ++i) threads.emplace_back(run);
    run();
  }
  const auto failed = std::find_if(results.begin(), results.end(), [](const Result<void>& result) { return !result; });
  return failed == results.end() ? Result<void>() : *failed;
}

}  // namespace engine::dns
