// SPDX-License-Identifier: MPL-2.0
// Credentials that a program of the user's prints: `credential_process` of a profile
// (docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/process.h"
#include "base/result.h"
#include "engine/vendors/aws/auth/sigv4.h"

namespace engine::vendors::aws::auth {

// Runs a program, the first of the arguments, to its end; empty where programs may not be run.
using AwsProgramRunner = std::function<base::Result<base::ProgramOutcome>(const base::Call&, std::vector<std::string>)>;

// A command line as words: quotes and backslashes as a shell has them, and nothing else of a shell.
// Errors: kInvalid, a quote is not closed.
base::Result<std::vector<std::string>> SplitCommandLine(std::string_view text);

// Errors: kDenied (programs may not be run; it failed, with its last words in details), kInvalid (no command line), kProtocol
// (what it printed), those of `run`. Blocks.
base::Result<AwsCredentials> RunCredentialProcess(const base::Call& call, const AwsProgramRunner& run, std::string_view command);

}  // namespace engine::vendors::aws::auth
