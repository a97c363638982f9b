// SPDX-License-Identifier: MPL-2.0
// The plugin program around trial_resource, for tests of a real process.
#include "base/clock.h"
#include "base/environment.h"
#include "provider/plugin/program.h"
#include "tests/provider/trial_resource.h"

namespace {

provider::rpc::ServiceParts MakeService(const base::Log& log) { return tests::TrialParts(base::RealClock(), log); }

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  const bool is_on_tcp = base::Environment("TRIAL_NETWORK") == "tcp";
  return provider::plugin::Run({.version = "0.0.0",
                                .make_service = MakeService,
                                .network = is_on_tcp ? provider::plugin::Network::kTcp : provider::plugin::Network::kUnix},
                               arguments.subspan(1));
}
