// SPDX-License-Identifier: MPL-2.0
// Threads: one for each task under way, kept for a while for the next.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace provider::grpc {

// Safe from many threads.
class Threads {
 public:
  using Task = std::function<void()>;

  Threads() = default;
  // Blocks until every task has ended.
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  // Runs the task at once in a thread that has nothing to do, or in a new one; as many tasks as there are run side by side.
  // False, and nothing is run, when the system gives no thread. A task may not throw.
  bool Run(Task task);

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable ended_;
  std::deque<Task> tasks_;  // each has a thread that waits for it
  std::size_t idle_ = 0;
  std::size_t all_ = 0;
  bool closing_ = false;
};

}  // namespace provider::grpc
