// SPDX-License-Identifier: MPL-2.0
// EndHooks: what has to be done once, when a process is about to end: tokens are revoked.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "base/call.h"

namespace base {

// Safe from many threads.
class EndHooks {
 public:
  using Hook = std::function<void(const Call& call)>;

  void Add(Hook hook) {
    const std::lock_guard lock(mutex_);
    hooks_.push_back(std::move(hook));
  }
  // Runs each hook once, one after another. Blocks for as long as they do.
  void Run(const Call& call) {
    std::vector<Hook> hooks;
    {
      const std::lock_guard lock(mutex_);
      hooks.swap(hooks_);
    }
    for (const Hook& hook : hooks) hook(call);
  }

 private:
  std::mutex mutex_;
  std::vector<Hook> hooks_;  // guarded by mutex_
};

}  // namespace base
