// SPDX-License-Identifier: MPL-2.0
// Waits until a recursive resolver shows TXT values, for runners that reach no name server themselves (port 53 closed, DNS over
// HTTPS). It is asked only once the records are written, and what it keeps of "no such name" is waited out.
#pragma once

#include <span>

#include "base/call.h"
#include "base/dns/resolver.h"
#include "base/result.h"
#include "engine/dns/propagation.h"

namespace engine::dns {

// Errors: kTimeout with a line per name in details (what the resolver answered last), kCancelled.
base::Result<void> WaitAtResolver(const base::Call& call, const PropagationOptions& options, const base::dns::Resolver& resolver,
                                  std::span<const ExpectedText> expected);

}  // namespace engine::dns
