// SPDX-License-Identifier: MPL-2.0
// Several that wait for the same thing at the same time: one of them asks, and its answer is everybody's.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/call.h"
#include "base/result.h"

namespace engine::dns {

// Safe from many threads.
class SharedWait {
 public:
  // `ask` of whoever came first with this key, while it lasts; who comes later asks again. When the one who asks runs out of time
  // or is told to stop, another one takes over. Errors: those of `ask`, kCancelled, kTimeout.
  base::Result<void> Run(const base::Call& call, const std::string& key, const std::function<base::Result<void>()>& ask);

 private:
  struct Asking {
    std::optional<base::Result<void>> answer;
  };

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, std::shared_ptr<Asking>> asking_;  // shared: who waits looks at it after it has left the map
};

// The one of this process.
SharedWait& ProcessWait();

}  // namespace engine::dns
