// SPDX-License-Identifier: MPL-2.0
// ProviderSession: what changes between calls: the present configuration, whether it was told to stop, and how many calls are
// under way.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

#include "resources/context.h"

namespace provider::rpc {

// One ConfigureProvider's worth. A process that Terraform reattaches to is configured once for each command, and a stop ends only
// the calls of its own configuration.
struct Configuration {
  std::shared_ptr<const resources::Context> context;  // null before the first; shared: a call may outlive a later configuration
  std::stop_token stop;
};

// Safe from many threads; no call blocks but WaitIdle.
class ProviderSession {
 public:
  // Counts a call as under way for as long as it lives.
  class Visit {
   public:
    explicit Visit(ProviderSession& session) : session_(session) { session_.Count(1); }
    ~Visit() { session_.Count(-1); }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    ProviderSession& session_;
  };

  // Begins a configuration that was not told to stop.
  void Configure(std::shared_ptr<const resources::Context> context);
  Configuration Present() const;
  // Tells every call of the present configuration to stop. Callbacks run in this thread, outside the lock.
  void Stop();
  // Blocks until no call is under way, at most `limit`. True when none is.
  bool WaitIdle(std::chrono::milliseconds limit);

 private:
  void Count(int step);

  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::shared_ptr<const resources::Context> context_;
  std::stop_source stop_;
  int under_way_ = 0;
};

}  // namespace provider::rpc
