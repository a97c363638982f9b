// SPDX-License-Identifier: MPL-2.0
// Programs of the user: the exec connection, after_change, a kubeconfig's credential plugin, az.
#pragma once

#include "base/process.h"

namespace engine::connections {

// The environment variable that holds the provider's sealing key.
inline constexpr const char* kSealingKeyVariable = "CERTWRIGHT_SEALING_KEY";

// base::RunProgram without the provider's own secrets in the program's environment.
base::Result<base::ProgramOutcome> RunUserProgram(const base::Call& call, base::Program program);

}  // namespace engine::connections
