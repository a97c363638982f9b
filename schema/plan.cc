// SPDX-License-Identifier: MPL-2.0
#include "schema/plan.h"

#include "schema/merge.h"
#include "schema/roles.h"

namespace schema {

PlanResult PlanChange(const PlanRequest& request, const PlanHook& hook) {
  // 1. To destroy is to plan null; the private data stays for the delete.
  PlanResult result{.planned = cty::Value::Null(request.config.type()), .planned_private = request.prior_private};
  if (request.config.is_null()) return result;

  // 2. What the configuration, the defaults and the prior state say; computed values are unknown on create. Write-only values are
  //    never taken over: Terraform's own proposal holds them, so it is not used. Another spelling of a value is no change.
  result.planned =
      KeepSpelling(request.schema.attributes, request.prior, Merge(request.schema.attributes, request.config, request.prior));

  // 3. What only the resource knows.
  if (hook) hook(request, result);

  // 4. No write-only value leaves the plan, whatever the hook did.
  result.planned = NullWriteOnly(request.schema, result.planned);
  return result;
}

}  // namespace schema
