// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/user_program.h"

namespace engine::connections {

base::Result<base::ProgramOutcome> RunUserProgram(const base::Call& call, base::Program program) {
  program.withheld.emplace_back(kSealingKeyVariable);
  return base::RunProgram(call, program);
}

}  // namespace engine::connections
