// SPDX-License-Identifier: MPL-2.0
// ServiceParts: what the RPC service is made of. The program hands in the real catalog, tests their own.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "base/clock.h"
#include "base/log.h"
#include "resources/context.h"
#include "resources/function.h"
#include "resources/resource.h"
#include "resources/source.h"
#include "schema/diagnostics.h"
#include "schema/schema.h"

namespace provider::rpc {

// The provider block's values become a context, or null and errors. Called once for each ConfigureProvider.
using ConfigureFunction =
    std::function<std::shared_ptr<const resources::Context>(const schema::cty::Value& config, schema::Diagnostics& diagnostics)>;

// Everything borrowed here outlives the service.
struct ServiceParts {
  std::span<const std::unique_ptr<resources::Resource>> resources;  // borrowed, as the next three
  std::span<const std::unique_ptr<resources::Source>> data_sources;
  std::span<const std::unique_ptr<resources::Source>> ephemerals;
  std::span<const resources::Function> functions;
  const schema::Schema* provider_schema = nullptr;  // borrowed
  ConfigureFunction configure;
  base::Clock* clock = nullptr;  // borrowed
  base::Log log{};
};

}  // namespace provider::rpc
