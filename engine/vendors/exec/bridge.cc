// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/exec/bridge.h"

#include <algorithm>

#include "base/os/this_process.h"
#include "base/text.h"

namespace engine::vendors::exec {
namespace {

constexpr std::string_view kPrefix = "bridge:";

}  // namespace

bool IsBridge(std::string_view program) { return program.starts_with(kPrefix); }

std::optional<std::string> FindUnknownBridge(std::string_view program) {
  if (!IsBridge(program)) return std::nullopt;
  program.remove_prefix(kPrefix.size());
  if (std::ranges::find(kBridges, program) != kBridges.end()) return std::nullopt;
  std::string known;
  for (const std::string_view one : kBridges) known += base::Cat(known.empty() ? "" : ", ", "`", kPrefix, one, "`");
  return base::Cat("There is no bridge \"", base::Printable(program, 60), "\". The provider comes with these: ", known, ".");
}

std::string ResolveBridge(const std::string& program) {
  return IsBridge(program) ? base::Cat(base::os::ProgramFolder(), "/bridge/", program.substr(kPrefix.size())) : program;
}

}  // namespace engine::vendors::exec
