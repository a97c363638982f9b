// SPDX-License-Identifier: MPL-2.0
// A pipe that nobody reads: what Wake writes stays in it.
#include "base/os/waker.h"

#include <unistd.h>

#include "base/os/posix/pipe.h"

namespace base::os {

Waker::Waker() {
  auto pipe = MakePipe();
  if (!pipe || !SetNonBlocking(pipe->writer.number())) return;
  reader_ = std::move(pipe->reader);
  writer_ = std::move(pipe->writer);
}

void Waker::Wake() const {
  // It fails only when the pipe is full, and then Poll finds it ready as well.
  [[maybe_unused]] const ssize_t written = write(writer_.number(), "", 1);
}

}  // namespace base::os
