// SPDX-License-Identifier: MPL-2.0
// Waits until TXT values stand where the CA will look: at the zone's own name servers, each asked directly, all in parallel. No
// recursive server is asked before: it would keep the "no such name" (RFC 2308).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/dns/message.h"
#include "base/dns/resolver.h"
#include "base/random.h"
#include "base/result.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

struct ExpectedText {
  std::string zone;
  std::string fqdn;
  std::vector<std::string> values;  // all of them, beside any others
  // In place of `values`: what the TXT values of the name, which may be none, lack; empty if they will do.
  std::function<std::string(std::span<const std::string> texts)> judge{};
};

// What an answer about the name lacks, in words; empty if it shows everything. Pure.
std::string FindLack(const base::dns::Message& reply, const ExpectedText& text);

// What one server has shown of all names of a zone.
enum class Sight {
  kUnknown,  // has not answered yet, may still
  kUseless,  // did not answer, or refuses: the CA's resolver passes over it, and so does the wait as long as another one is of
             // use
  kLacking,
  kHas,
};

// True when enough of the zone's servers show everything. Pure.
bool IsVisible(std::span<const Sight> servers, WaitFor wait_for);

// What ends a wait of `call`: "2m (`propagation.timeout`)", or what the whole operation has left.
std::string LimitInWords(const base::Call& call, const PropagationOptions& options);

// Polls, quickly at first, until IsVisible for each zone. Errors: kTimeout with a line a server in details (what it answered
// last), kUnavailable (a zone has no server to ask), kCancelled.
base::Result<void> WaitForTexts(const base::Call& call, const PropagationOptions& options, const base::dns::Resolver& resolver,
                                base::Random& random, std::span<const ExpectedText> expected);

}  // namespace engine::dns
