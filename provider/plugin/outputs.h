// SPDX-License-Identifier: MPL-2.0
// Outputs: the process's standard outputs. For a host they carry a protocol, so whatever a library prints must not get there:
// pipes take its place, and the real descriptors are kept for the handshake and the log.
#pragma once

#include "base/result.h"

namespace provider::plugin {

// Descriptors that stay open for the whole process.
struct Outputs {
  int out = 1;
  int err = 2;
  int captured_out = -1;  // what was printed to 1 and 2 since; never blocks the printer, which loses what a full pipe cannot hold
  int captured_err = -1;
};

// Puts pipes over descriptors 1 and 2. A process that aborts still says its last words (a failed assertion) on the real standard
// error. Errors: kInternal when an output is closed or descriptors have run out.
base::Result<Outputs> CaptureOutputs();

}  // namespace provider::plugin
