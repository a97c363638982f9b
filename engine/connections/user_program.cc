// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/user_program.h"

#include <algorithm>
#include <utility>

#include "base/os/this_process.h"
#include "base/text.h"

namespace engine::connections {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Secret;

constexpr std::array<std::string_view, 13> kInherited = {
    "*_PROXY",      "*_proxy",       "HOME",   "LANG", "LC_*", "LOGNAME", "PATH",
    "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ",   "USER", "XDG_*",
};

// Which variables the command-line tools of vendors are configured by.
struct Tool {
  std::string_view name;
  std::string_view pattern;
};
constexpr std::array kTools{
    Tool{"aws", "AWS_*"},
    Tool{"aws-iam-authenticator", "AWS_*"},
    Tool{"az", "AZURE_*"},
    Tool{"doctl", "DIGITALOCEAN_*"},
    Tool{"gcloud", "CLOUDSDK_*"},
    Tool{"gcloud", "GOOGLE_*"},
    Tool{"gke-gcloud-auth-plugin", "CLOUDSDK_*"},
    Tool{"gke-gcloud-auth-plugin", "GOOGLE_*"},
    Tool{"kubelogin", "AAD_*"},
    Tool{"kubelogin", "AZURE_*"},
};

constexpr std::size_t kMostLines = 20;
// Shorter values stand everywhere: to hide them would make the text unreadable and hide nothing.
constexpr std::size_t kShortestSecret = 4;

bool IsLetter(char one) { return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || one == '_'; }
bool IsNameCharacter(char one) { return IsLetter(one) || (one >= '0' && one <= '9'); }

bool IsVariableName(std::string_view name) {
  return !name.empty() && IsLetter(name.front()) && std::all_of(name.begin(), name.end(), IsNameCharacter);
}

// A name with at most one '*', in front or at the end. One alone would be everything.
bool IsPattern(std::string_view text) {
  if (text.starts_with('*')) {
    text.remove_prefix(1);
  } else if (text.ends_with('*')) {
    text.remove_suffix(1);
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), IsNameCharacter);
}

bool Fits(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with('*')) return name.ends_with(pattern.substr(1));
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return name == pattern;
}

bool IsToolVariable(std::string_view program, std::string_view name) {
  const std::string_view tool = program.substr(program.rfind('/') + 1);
  return std::any_of(kTools.begin(), kTools.end(), [&](const Tool& one) { return one.name == tool && Fits(one.pattern, name); });
}

bool IsInherited(const UserProgram& program, std::string_view name) {
  const auto fits = [&](std::string_view pattern) { return Fits(pattern, name); };
  const auto& more = program.environment.inherited;
  return std::any_of(kInherited.begin(), kInherited.end(), fits) || std::any_of(more.begin(), more.end(), fits) ||
         IsToolVariable(program.arguments.front(), name);
}

}  // namespace

ProgramEnvironment ReadProgramEnvironment(const base::Settings& settings) {
  ProgramEnvironment environment{.variables = {}, .inherited = settings.List(kInheritEnvironmentField.name)};
  if (!settings.Declares(kProgramEnvironmentField.name)) return environment;
  const base::SecretMap& variables = settings.Secrets(kProgramEnvironmentField.name);
  environment.variables = {variables.begin(), variables.end()};
  return environment;
}

std::map<std::string_view, std::string> FindEnvironmentProblems(const base::Settings& settings) {
  std::map<std::string_view, std::string> problems;
  const ProgramEnvironment environment = ReadProgramEnvironment(settings);
  for (const auto& [name, value] : environment.variables) {
    if (IsVariableName(name)) continue;
    problems[kProgramEnvironmentField.name] =
        "The names of environment variables are letters, digits and underscores, and begin with no digit.";
  }
  for (const std::string& pattern : environment.inherited) {
    if (IsPattern(pattern)) continue;
    problems[kInheritEnvironmentField.name] =
        Cat("`", base::Printable(pattern, 60),
            "` does not name environment variables. Write a name, such as `LEGO_EMAIL`, or its "
            "beginning or end with `*`, such as `LEGO_*`.");
  }
  return problems;
}

base::Result<base::ProgramOutcome> RunUserProgram(const base::Call& call, const UserProgram& program,
                                                  const HoldsSealingKey& holds_sealing_key) {
  if (program.arguments.empty()) return Error{ErrorKind::kInvalid, "no program is named"};
  base::Program started{.arguments = program.arguments, .environment = {}, .input = program.input};
  const auto is_withheld = [&](std::string_view name, std::string_view value) {
    return name == kSealingKeyVariable || (holds_sealing_key && holds_sealing_key(value));
  };
  for (std::string& entry : base::os::EnvironmentEntries()) {
    const std::string_view whole = entry;
    const std::string_view name = whole.substr(0, whole.find('='));
    const std::string_view value = whole.substr(std::min(name.size() + 1, whole.size()));
    if (IsInherited(program, name) && !is_withheld(name, value))
      started.environment[std::string(name)] = Secret(std::string(value));
    base::Wipe(entry);
  }
  for (const auto& [name, value] : program.environment.variables) {
    if (is_withheld(name, value.Reveal())) {
      return Error{ErrorKind::kInvalid,
                   Cat("the variable ", base::Printable(name, 60), " in `environment` would hand a sealing key to the program")};
    }
    started.environment[name] = value;
  }
  return base::RunProgram(call, started);
}

std::vector<std::string> LastWords(std::string said, const ProgramEnvironment& environment) {
  constexpr std::string_view kMask = "***";
  // Line by line: it may print one line of a key.
  for (const auto& [name, value] : environment.variables) {
    for (const std::string& line : base::Split(value.Reveal(), '\n')) {
      if (line.size() < kShortestSecret) continue;
      for (auto at = said.find(line); at != std::string::npos; at = said.find(line, at + kMask.size())) {
        said.replace(at, line.size(), kMask);
      }
    }
  }
  return base::LastLines(said, kMostLines);
}

}  // namespace engine::connections
