// SPDX-License-Identifier: MPL-2.0
// acme::Solver over the DNS providers of a CA: finds each record's zone, follows CNAMEs, places all values of a zone in one
// change, waits for the zone's own servers, removes by exact value.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "engine/acme/solver.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// One solver serves one issuance. Values that several issuances of the process share are counted and removed by the last.
// Errors: kInvalid (a connection of an unknown kind, an unparsable server address).
base::Result<std::unique_ptr<acme::Solver>> MakeDns01Solver(SolverOptions options);

// "host", "host:port", "[v6]:port"; the port is 53 when absent. Errors: kInvalid.
base::Result<void> CheckServerAddress(std::string_view text);
// The same, or the https URL of a resolver (RFC 8484). Errors: kInvalid.
base::Result<void> CheckResolver(std::string_view text);

}  // namespace engine::dns
