// SPDX-License-Identifier: MPL-2.0
#include <cstddef>
#include <span>

#include "base/clock.h"
#include "base/random.h"
#include "provider/plugin/program.h"
#include "provider/version.h"
#include "resources/catalog.h"
#include "resources/configure.h"

namespace {

std::shared_ptr<const resources::Context> Configure(const schema::cty::Value& config, schema::Diagnostics& diagnostics) {
  return resources::Configure(
      {.clock = &base::RealClock(), .random = &base::SystemRandom(), .user_agent = std::string(provider::UserAgent())}, config,
      diagnostics);
}

provider::rpc::ServiceParts MakeService(const base::Log& log) {
  return {.resources = resources::Catalog(),
          .data_sources = resources::DataSources(),
          .ephemerals = resources::EphemeralResources(),
          .functions = resources::Functions(),
          .provider_schema = &resources::ProviderSchema(),
          .configure = Configure,
          .clock = &base::RealClock(),
          .log = log};
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  return provider::plugin::Run({.version = provider::Version(), .make_service = MakeService},
                               arguments.subspan(argc > 0 ? 1 : 0));
}
