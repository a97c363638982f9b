// SPDX-License-Identifier: MPL-2.0
// Terraform's rules for what a provider may plan and return: our own port of what Terraform 1.11 enforces (package objchange),
// written from its behaviour. Each function answers with one line per violation, "path: what is wrong"; nothing shows a value.
#pragma once

#include <string>
#include <vector>

#include "schema/schema.h"

namespace tests {

// "Provider produced invalid plan".
std::vector<std::string> PlanViolations(const schema::Schema& schema, const schema::cty::Value& prior,
                                        const schema::cty::Value& config, const schema::cty::Value& planned);

// "Provider produced inconsistent final plan" (a second plan against the first) and "… inconsistent result after apply": what was
// known stays, what was unknown may become anything that its refinements allow.
std::vector<std::string> ConformanceViolations(const schema::cty::Value& planned, const schema::cty::Value& result);

// "Provider produced invalid object": values of write-only attributes, and unknown ones.
std::vector<std::string> StateViolations(const schema::Schema& schema, const schema::cty::Value& state);

}  // namespace tests
