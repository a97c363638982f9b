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

// Of CERTWRIGHT_SEALING_KEY alone, for what runs unconfigured; missing when that is not set or no key.
sealed::Sealer SealerFromEnvironment();

struct Machine {
  base::Clock* clock = nullptr;
  base::Random* random = nullptr;
  std::string user_agent{};  // what this program calls itself in requests
};

// Errors at the attribute's path: a malformed key. None at all is reported by the resources (lost_keys.h). A key that is not
// known yet (a plan before its source exists) is no error: handles are unknown then. Null when there were errors.
std::shared_ptr<const Context> Configure(const Machine& machine, const schema::cty::Value& config,
                                         schema::Diagnostics& diagnostics);

}  // namespace resources
