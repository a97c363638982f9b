// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/threads.h"

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace provider::grpc {
namespace {

constexpr std::chrono::seconds kKept{2};

}  // namespace

Threads::~Threads() {
  std::unique_lock lock(mutex_);
  closing_ = true;
  work_.notify_all();
  ended_.wait(lock, [this] { return all_ == 0; });
}

bool Threads::Run(Task task) {
  std::unique_lock lock(mutex_);
  if (idle_ == tasks_.size()) {
    try {
      std::thread([this] { Work(); }).detach();
    } catch (const std::system_error&) {
      return false;
    }
    ++all_;
    ++idle_;  // it waits for the lock, and then takes this task or another
  }
  tasks_.push_back(std::move(task));
  lock.unlock();
  work_.notify_one();
  return true;
}

void Threads::Work() {
  std::unique_lock lock(mutex_);
  while (work_.wait_for(lock, kKept, [this] { return closing_ || !tasks_.empty(); }) && !tasks_.empty()) {
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
  // Under the lock: after it, this may be gone.
  if (all_ == 0) ended_.notify_all();
}

}  // namespace provider::grpc
