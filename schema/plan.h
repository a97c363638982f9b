// SPDX-License-Identifier: MPL-2.0
// Planning: one pure function that keeps Terraform's rules, with a hook for what only the resource knows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "schema/diagnostics.h"
#include "schema/schema.h"

namespace schema {

struct PlanRequest {
  const Schema& schema;
  cty::Value prior;   // null on create
  cty::Value config;  // null on destroy; the only place with write-only values
  std::string prior_private{};
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
// prior on update); call the hook; strip write-only values.
PlanResult PlanChange(const PlanRequest& request, const PlanHook& hook);

}  // namespace schema
