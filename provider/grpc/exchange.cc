// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/exchange.h"

#include <utility>

namespace provider::grpc {

bool Exchange::Write(std::string framed) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return gone_ || !written_; });
  if (gone_) return false;
  written_ = true;
  outbox_.Put({.connection = connection_, .stream = stream_, .body = std::move(framed)});
  return true;
}

void Exchange::WaitForPeer() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return gone_ || ended_; });
}

void Exchange::Taken() {
  const std::lock_guard lock(mutex_);
  written_ = false;
  changed_.notify_all();
}

void Exchange::PeerEnded() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void Exchange::PeerGone() {
  const std::lock_guard lock(mutex_);
  gone_ = true;
  changed_.notify_all();
}

}  // namespace provider::grpc
