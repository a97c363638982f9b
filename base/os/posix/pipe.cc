// SPDX-License-Identifier: MPL-2.0
#include "base/os/posix/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/os/posix/system_error.h"
#include "base/text.h"

namespace base::os {

Result<Pipe> MakePipe() {
  std::array<int, 2> ends{-1, -1};
  Pipe made;
  if (pipe(ends.data()) == 0) made = {.reader = Descriptor(ends[0]), .writer = Descriptor(ends[1])};
  const bool is_open = made.reader.is_open() && made.writer.is_open();
  if (is_open && SetCloseOnExec(made.reader.number()) && SetCloseOnExec(made.writer.number())) return made;
  return Error{ErrorKind::kInternal, Cat("no pipe can be made: ", SystemErrorText(errno))};
}

bool SetCloseOnExec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0; }

bool SetNonBlocking(int descriptor) { return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0; }

bool SetBlocking(int descriptor) { return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) == 0; }

}  // namespace base::os
