// SPDX-License-Identifier: MPL-2.0
// A pipe whose ends no other program inherits.
#pragma once

#include "base/os/descriptor.h"
#include "base/result.h"

namespace base::os {

struct Pipe {
  Descriptor reader;
  Descriptor writer;
};

// Errors: kInternal, when descriptors have run out.
Result<Pipe> MakePipe();

// True on success, else errno says why not. A descriptor that is made without this flag at once may be inherited by a program
// that another thread starts in between; ChildProcess closes it there (base/os/posix/inheritance.h).
bool SetCloseOnExec(int descriptor);
bool SetNonBlocking(int descriptor);
bool SetBlocking(int descriptor);

}  // namespace base::os
