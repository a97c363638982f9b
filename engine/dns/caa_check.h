// SPDX-License-Identifier: MPL-2.0
// Looks before an order whether CAA records forbid it (RFC 8659): a CA counts the failure, and says little about its cause.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/acme/solver.h"
#include "engine/dns/caa.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// Error::code of a refusal by CAA records.
inline constexpr std::string_view kCaaCode = "caa";

struct CaaCheck {
  std::vector<std::string> names;  // as ordered: lower case, wildcards as "*."
  CaaIssuer issuer;
};

// `solver`, whose Prepare also reads the CAA records of the names, at the same time as it looks where challenge records go: with
// the zones of the connections both take the same number of round trips. Records count only if a server of their zone gave them.
// From each name it climbs to the last one below the top-level domain; top-level domains are left to the CA, since they would
// cost every order several round trips.
// Prepare's additional errors: kDenied with kCaaCode, and a line per name in details. What cannot be read is one INFO line.
// `options`: as the solver was made from. Errors: those of MakeResolver.
base::Result<std::unique_ptr<acme::Solver>> WithCaaCheck(std::unique_ptr<acme::Solver> solver, const SolverOptions& options,
                                                         CaaCheck check);

}  // namespace engine::dns
