// SPDX-License-Identifier: MPL-2.0
// The process's standard outputs, and how to capture what libraries print to them.
#pragma once

#include "base/result.h"

namespace base::os {

// Descriptors that stay open for the whole process, for WriteAll and ReadChunk.
struct StandardOutputs {
  int out = 1;
  int err = 2;
  int captured_out = -1;  // what is printed to 1 and 2; never blocks the printer, which loses what a full pipe cannot hold
  int captured_err = -1;
};

// Puts pipes in the place of descriptors 1 and 2, and returns the real ones besides. A process that aborts still writes its last
// words (a failed assertion) to the real standard error. Errors: kInternal if an output is closed or descriptors have run out.
Result<StandardOutputs> CaptureStandardOutputs();

}  // namespace base::os
