// SPDX-License-Identifier: MPL-2.0
// Signals that a process gets from a terminal, a service manager or a CI runner.
#pragma once

namespace base::os {

// A write to a pipe or socket that nobody reads fails, instead of ending the process.
void IgnoreBrokenPipes();
// Ctrl-C, a request to terminate, and the end of the terminal have no effect.
void IgnoreInterrupts();

// Ctrl-C and a request to terminate wait for WaitForInterrupt instead of ending the process. To be called before any thread
// starts.
void HoldInterrupts();
// Blocks until one of them arrives. Only after HoldInterrupts.
void WaitForInterrupt();

}  // namespace base::os
