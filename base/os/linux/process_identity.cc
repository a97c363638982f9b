// SPDX-License-Identifier: MPL-2.0
#include <sys/prctl.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "base/os/this_process.h"
#include "base/read_file.h"
#include "base/text.h"

namespace base::os {
namespace {

constexpr std::size_t kStartTime = 19;  // field 22 of proc(5)'s stat, counted from the one behind the command's parenthesis

std::string IdentityOf(const std::string& number) {
  const auto stat = ReadSmallFile(Cat("/proc/", number, "/stat"));
  if (!stat) return {};
  // The command may contain spaces and parentheses.
  const std::string text(stat->Reveal());
  const auto behind = text.rfind(')');
  const auto fields = behind == std::string::npos ? std::vector<std::string>() : Split(text.substr(behind + 1), ' ');
  return fields.size() <= kStartTime + 1 ? std::string() : Cat(number, ':', fields[kStartTime + 1]);
}

}  // namespace

std::string ParentProcessIdentity() { return IdentityOf(std::to_string(ParentProcessId())); }

std::string ProgramFolder() {
  std::error_code failed;
  return std::filesystem::read_symlink("/proc/self/exe", failed).parent_path().string();
}

void HideMemory() { prctl(PR_SET_DUMPABLE, 0); }

bool IsProcessRunning(const std::string& identity) {
  return identity.empty() || IdentityOf(identity.substr(0, identity.find(':'))) == identity;
}

}  // namespace base::os
