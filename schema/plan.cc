// SPDX-License-Identifier: MPL-2.0
#include "schema/plan.h"

#include <algorithm>

#include "schema/merge.h"
#include "schema/nested_objects.h"

namespace schema {
namespace {

void FindReplacements(const std::vector<Attribute>& attributes, const cty::Value& prior, const cty::Value& planned,
                      const cty::Path& path, std::vector<cty::Path>& found);

// By index or key; what only one side has is compared with null.
void FindNestedReplacements(const Attribute& attribute, const cty::Value& prior, const cty::Value& planned, const cty::Path& path,
                            std::vector<cty::Path>& found) {
  // The elements of a set have no path: the whole set is named when an attribute in it asks for a replacement.
  if (attribute.nesting == Nesting::kSet) {
    const auto replaces = [](const Attribute& one) { return one.replace_on_change; };
    if (std::any_of(attribute.nested.begin(), attribute.nested.end(), replaces)) found.push_back(path);
    return;
  }
  auto before = ObjectsOf(attribute, prior);
  auto after = ObjectsOf(attribute, planned);
  for (const NestedObject& one : after) {
    const auto same =
        std::find_if(before.begin(), before.end(), [&](const NestedObject& other) { return other.step == one.step; });
    const cty::Value object = same == before.end() ? cty::Value::Null(one.object.type()) : same->object;
    FindReplacements(attribute.nested, object, one.object, PathOf(path, one), found);
    if (same != before.end()) before.erase(same);
  }
  for (const NestedObject& gone : before) {
    FindReplacements(attribute.nested, gone.object, cty::Value::Null(gone.object.type()), PathOf(path, gone), found);
  }
}

void FindReplacements(const std::vector<Attribute>& attributes, const cty::Value& prior, const cty::Value& planned,
                      const cty::Path& path, std::vector<cty::Path>& found) {
  for (const Attribute& attribute : attributes) {
    const cty::Value before = prior.Get(attribute.name);
    const cty::Value after = planned.Get(attribute.name);
    if (before == after) continue;
    const cty::Path at = path.Attribute(attribute.name);
    if (attribute.replace_on_change) {
      found.push_back(at);
    } else {
      FindNestedReplacements(attribute, before, after, at, found);
    }
  }
}

}  // namespace

PlanResult PlanChange(const PlanRequest& request, const PlanHook& hook) {
  // 1. To destroy is to plan null; the private data stays for the delete.
  PlanResult result{.planned = cty::Value::Null(request.config.type()), .planned_private = request.prior_private};
  if (request.config.is_null()) return result;

  // 2. What the configuration, the defaults and the prior state say; computed values are unknown on create. Write-only values are
  //    never taken over: Terraform's own proposal holds them, so it is not used.
  result.planned = Merge(request.schema.attributes, request.config, request.prior);

  // 3. What only the resource knows.
  if (hook) hook(request, result);

  // 4. No write-only value leaves the plan, whatever the hook did.
  result.planned = NullWriteOnly(request.schema, result.planned);

  // 5. What cannot be changed in place. A value that is still unknown counts as another one: the second plan, in the apply,
  //    may not turn an update into a replacement.
  if (!request.prior.is_null()) {
    FindReplacements(request.schema.attributes, request.prior, result.planned, cty::Path(), result.requires_replace);
  }
  return result;
}

}  // namespace schema
