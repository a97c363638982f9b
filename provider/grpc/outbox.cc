// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/outbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace provider::grpc {

Outbox::Outbox() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Outbox::~Outbox() { close(event_); }

void Outbox::Put(Output output) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = waiting_.empty();
    waiting_.push_back(std::move(output));
  }
  if (first) Wake();
}

void Outbox::Wake() { eventfd_write(event_, 1); }

std::vector<Output> Outbox::Take() {
  // Before the taking: what is put after it wakes again.
  eventfd_t ignored = 0;
  eventfd_read(event_, &ignored);
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace provider::grpc
