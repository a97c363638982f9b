// SPDX-License-Identifier: MPL-2.0
// Programs of the user: the exec connection, after_change, a kubeconfig's credential plugin, az. They get an environment that
// is made of an allow-list, never all that this process has: credentials of other things are in there.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/process.h"
#include "base/settings.h"

namespace engine::connections {

// The environment variable that holds the provider's sealing key.
inline constexpr const char* kSealingKeyVariable = "CERTWRIGHT_SEALING_KEY";

// True if the text contains a sealing key of the provider, present or previous.
using HoldsSealingKey = std::function<bool(std::string_view text)>;

// Of whatever runs a program: connections and destinations list them among their fields.
inline constexpr base::ConfigField kProgramEnvironmentField{
    .name = "environment",
    .kind = base::FieldKind::kStringMap,
    .secret = true,
    .doc = "Environment variables to set for the program, such as its credentials."};
inline constexpr base::ConfigField kInheritEnvironmentField{
    .name = "inherit_environment",
    .kind = base::FieldKind::kStringList,
    .doc =
        "Names of environment variables that the program gets from Terraform's environment, besides `PATH`, `HOME`, `USER`, "
        "`LOGNAME`, `LANG`, `LC_*`, `TZ`, `TMPDIR`, `XDG_*`, `SSL_CERT_*`, and `*_proxy`. A name may begin or end with `*`, such "
        "as `LEGO_*`. A variable that contains a sealing key is never passed on."};

// What the configuration says about a program's environment.
struct ProgramEnvironment {
  std::map<std::string, base::Secret> variables{};
  std::vector<std::string> inherited{};  // patterns
};

// Of settings that declare both fields, or kInheritEnvironmentField alone.
ProgramEnvironment ReadProgramEnvironment(const base::Settings& settings);
// What is wrong with them: a field and a sentence; empty if nothing is.
std::map<std::string_view, std::string> FindEnvironmentProblems(const base::Settings& settings);

struct UserProgram {
  std::vector<std::string> arguments;  // the first is the program: a path, or a name looked for in PATH; no shell
  ProgramEnvironment environment{};
  base::Secret input{};  // all of its stdin
};

// Runs it as base::RunProgram does. A vendor's own tool, such as aws or gcloud, also gets that vendor's variables. Errors:
// besides, kInvalid if the configuration would hand over a sealing key.
base::Result<base::ProgramOutcome> RunUserProgram(const base::Call& call, const UserProgram& program,
                                                  const HoldsSealingKey& holds_sealing_key);

// The last lines of what a program said, without the values that it was handed in confidence.
std::vector<std::string> LastWords(std::string said, const ProgramEnvironment& environment);

}  // namespace engine::connections
