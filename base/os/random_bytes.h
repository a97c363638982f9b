// SPDX-License-Identifier: MPL-2.0
// The operating system's random generator. Callers use base::SystemRandom.
#pragma once

#include <span>

namespace base::os {

// Fills `bytes`; ends the process if the system has no randomness, since there is no safe way to continue. Safe from many
// threads.
void FillWithRandomBytes(std::span<char> bytes);

}  // namespace base::os
