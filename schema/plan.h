// SPDX-License-Identifier: MPL-2.0
// Planning: one pure function that keeps Terraform's rules, with a hook for what only the resource knows.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "schema/diagnostics.h"
#include "schema/schema.h"

namespace schema {

struct PlanRequest {
  const Schema& schema;
  cty::Value prior;   // null on create
  cty::Value config;  // null on destroy; the only place with write-only values
  std::string prior_private{};
  // Of the first plan, if this is the second, in the apply. Empty in a first plan, and from clients before protocol 6.11.
  std::string planned_private{};
  // In a first plan whose private data the client keeps for the second one: the plan may look at the clock, if it writes what it
  // decides into its private data. Empty: what depends on the time is decided by Read alone.
  std::optional<base::TimePoint> now{};
  const base::Log* log = nullptr;  // borrowed; null: silent
};

struct PlanResult {
  cty::Value planned;
  std::vector<cty::Path> requires_replace{};  // by the hook: attributes that cannot be changed in place
  std::string planned_private{};
  Diagnostics diagnostics{};
};

// Changes `result.planned` (defaults applied, computed attributes unknown on create and as in `prior` on update, write-only
// null). Must be a function of the request alone, and may only turn known results of computed attributes into unknown or known
// ones.
using PlanHook = std::function<void(const PlanRequest& request, PlanResult& result)>;

// Steps: destroy plans null; merge config, defaults and prior state (schema/merge.h: computed values unknown on create, as in
// prior on update; KeepSpelling of schema/roles.h); call the hook; strip write-only values.
PlanResult PlanChange(const PlanRequest& request, const PlanHook& hook);

}  // namespace schema
