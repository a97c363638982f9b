// SPDX-License-Identifier: MPL-2.0
// Waits until TXT values can be seen by whoever the CA asks, in the way that this machine's network allows.
#pragma once

#include <functional>
#include <span>

#include "base/call.h"
#include "base/dns/resolver.h"
#include "base/result.h"
#include "engine/dns/authority.h"
#include "engine/dns/propagation.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// At the zones' own servers, then at PropagationOptions::nameservers where these are recursive: they would keep "no such name".
// Where port 53 is closed, at a resolver over HTTPS. Ends after PropagationOptions::timeout.
// `look_again`: what is done before the first look, and every 15 s as long as the values do not appear; an error of it ends the
// wait. `authority`: has looked for the names. Errors: those of WaitForTexts and WaitAtResolver, and of `look_again`.
base::Result<void> AwaitTexts(const base::Call& call, const SolverOptions& options, const base::dns::Resolver& resolver,
                              const Authority& authority, std::span<const ExpectedText> expected,
                              const std::function<base::Result<void>()>& look_again = {});

}  // namespace engine::dns
