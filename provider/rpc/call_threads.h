// SPDX-License-Identifier: MPL-2.0
// CallThreads: a thread for each call that may wait, reused for a while by later calls.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace provider::rpc {

// Safe from many threads.
class CallThreads {
 public:
  using Task = std::function<void()>;

  CallThreads() = default;
  // Blocks until every task has ended.
  ~CallThreads();
  CallThreads(const CallThreads&) = delete;
  CallThreads& operator=(const CallThreads&) = delete;

  // Starts the task in an idle thread, or in a new one; there is no limit on tasks that run side by side. A task must not throw.
  // False if the system has no thread to give; the task has not run then.
  [[nodiscard]] bool Run(Task task);

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable ended_;
  std::deque<Task> tasks_;  // at most as many as there are idle threads
  std::size_t idle_ = 0;
  std::size_t all_ = 0;
  bool closing_ = false;
};

}  // namespace provider::rpc
