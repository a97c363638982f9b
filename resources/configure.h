// SPDX-License-Identifier: MPL-2.0
// The provider block: its schema, and how its values and the environment become a Context.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "resources/context.h"
#include "schema/diagnostics.h"
#include "schema/schema.h"

namespace resources {

const schema::Schema& ProviderSchema();

struct Machine {
  base::Clock* clock = nullptr;
  base::Random* random = nullptr;
  std::string version;
};

// Never fails for a missing or unknown sealing key: that is told where a handle is needed. Errors at the attribute's path for keys
// that are malformed. Null when there were errors.
std::shared_ptr<const Context> Configure(const Machine& machine, const schema::cty::Value& config,
                                         schema::Diagnostics& diagnostics);

}  // namespace resources
