// SPDX-License-Identifier: MPL-2.0
// Several blocking calls at once, on threads that live no longer than the call.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace base {

// Calls `work(i)` for each i below `count`, at most `lanes` at a time, and returns when all have ended. `work` must not throw.
template <typename Work>
void ForEachInParallel(std::size_t count, std::size_t lanes, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto lane = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(count, lanes); ++i) others.emplace_back(lane);
  lane();
}

}  // namespace base
