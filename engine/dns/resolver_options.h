// SPDX-License-Identifier: MPL-2.0
// The resolver that the propagation options of a CA describe.
#pragma once

#include "base/dns/resolver.h"
#include "base/result.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// PropagationOptions::resolvers, else those of the machine; DNS over HTTPS is left out where `options` has no transport.
// Errors: kInvalid (an address among resolvers or name servers that is none).
base::Result<base::dns::Resolver> MakeResolver(const SolverOptions& options);

}  // namespace engine::dns
