// SPDX-License-Identifier: MPL-2.0
// acme::Solver for records that somebody else put into DNS to stay (dns-persist-01): it changes nothing, and sees before an order
// whether they are there, as the CA would.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/acme/solver.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// Error::code of missing records.
inline constexpr std::string_view kPersistentCode = "persistent-record";

// What keeps the TXT values of one name from being `proof` at `now`, in words; empty if one of them is. Pure.
std::string FindPersistentLack(std::span<const std::string> texts, const acme::PersistentProof& proof, base::TimePoint now);

// Prepare follows CNAMEs and waits for the records at the name servers, for PropagationOptions::timeout. What it has seen once it
// does not look for again. Names whose servers cannot be reached are left to the CA, with an INFO line; all are with
// PropagationOptions::disable. Its error is kNotFound with kPersistentCode: a line per name with the value to set, then a line
// per server with what it has. Errors: those of MakeResolver.
base::Result<std::unique_ptr<acme::Solver>> MakePersistentRecordSolver(SolverOptions options);

}  // namespace engine::dns
