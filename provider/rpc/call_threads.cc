// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/call_threads.h"

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace provider::rpc {
namespace {

constexpr std::chrono::seconds kIdleLimit{2};

}  // namespace

CallThreads::~CallThreads() {
  std::unique_lock lock(mutex_);
  closing_ = true;
  work_.notify_all();
  ended_.wait(lock, [this] { return all_ == 0; });
}

bool CallThreads::Run(Task task) {
  std::unique_lock lock(mutex_);
  if (idle_ == tasks_.size()) {
    try {
      std::thread([this] { Work(); }).detach();
    } catch (const std::system_error&) {
      return false;
    }
    ++all_;
    ++idle_;  // the new thread takes this task, or one that is queued before it
  }
  tasks_.push_back(std::move(task));
  lock.unlock();
  work_.notify_one();
  return true;
}

void CallThreads::Work() {
  std::unique_lock lock(mutex_);
  while (work_.wait_for(lock, kIdleLimit, [this] { return closing_ || !tasks_.empty(); }) && !tasks_.empty()) {
    --idle_;
    {
      const Task task = std::exchange(tasks_.front(), nullptr);
      tasks_.pop_front();
      lock.unlock();
      task();
    }
    lock.lock();
    ++idle_;
  }
  --idle_;
  --all_;
  // Notified under the lock, because the destructor may finish as soon as it is released.
  if (all_ == 0) ended_.notify_all();
}

}  // namespace provider::rpc
