// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/await_texts.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <vector>

#include "base/text.h"
#include "engine/dns/resolver_wait.h"

namespace engine::dns {
namespace {

using base::ErrorKind;
using base::Result;

constexpr std::chrono::seconds kLookAgainAfter{15};

// kTimeout also when `call` ends before PropagationOptions::timeout.
Result<void> LookOnce(const base::Call& call, const SolverOptions& options, const base::dns::Resolver& resolver,
                      const Authority& authority, std::span<const ExpectedText> expected) {
  std::vector<ExpectedText> first;
  std::copy_if(expected.begin(), expected.end(), std::back_inserter(first),
               [&](const ExpectedText& text) { return authority.AreGivenRecursive(text.zone); });
  PropagationOptions own = options.propagation;
  own.nameservers.clear();
  base::Random& random = *options.deps.providers.random;
  if (auto seen = WaitForTexts(call, own, resolver, random, first); !seen) return seen;
  return WaitForTexts(call, options.propagation, resolver, random, expected);
}

}  // namespace

Result<void> AwaitTexts(const base::Call& call, const SolverOptions& options, const base::dns::Resolver& resolver,
                        const Authority& authority, std::span<const ExpectedText> expected,
                        const std::function<Result<void>()>& look_again) {
  const std::string limit = LimitInWords(call, options.propagation);
  const base::Call limited = call.Within(options.propagation.timeout);
  const bool is_reached =
      std::any_of(expected.begin(), expected.end(), [&](const ExpectedText& text) { return authority.HasAnswered(text.zone); });
  for (;;) {
    if (look_again) {
      if (auto looked = look_again(); !looked) return looked;
    }
    if (!is_reached && resolver.has_carriers()) return WaitAtResolver(limited, options.propagation, resolver, expected);
    const base::Call round = look_again ? limited.Within(kLookAgainAfter) : limited;
    auto seen = LookOnce(round, options, resolver, authority, expected);
    if (seen || seen.error().kind != ErrorKind::kTimeout) return seen;
    if (limited.Check()) continue;
    seen.error().message = base::Cat("the challenge records did not appear at the name servers within ", limit);
    return seen;
  }
}

}  // namespace engine::dns
