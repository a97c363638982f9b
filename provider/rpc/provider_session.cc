// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/provider_session.h"

#include <utility>

namespace provider::rpc {

void ProviderSession::Configure(std::shared_ptr<const resources::Context> context) {
  std::lock_guard lock(mutex_);
  context_ = std::move(context);
  stop_ = std::stop_source();
}

Configuration ProviderSession::Present() const {
  std::lock_guard lock(mutex_);
  return {context_, stop_.get_token()};
}

void ProviderSession::Stop() {
  std::unique_lock lock(mutex_);
  std::stop_source stop = stop_;
  lock.unlock();
  stop.request_stop();
}

bool ProviderSession::WaitIdle(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, limit, [this] { return under_way_ == 0; });
}

void ProviderSession::Count(int step) {
  std::lock_guard lock(mutex_);
  under_way_ += step;
  if (under_way_ == 0) idle_.notify_all();
}

}  // namespace provider::rpc
