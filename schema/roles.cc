// SPDX-License-Identifier: MPL-2.0
#include "schema/roles.h"

#include <algorithm>

#include "base/text.h"
#include "schema/cty/json.h"

namespace schema {
namespace {

using cty::Value;

Value Normal(const Attribute& attribute, const Value& value) {
  return attribute.normal_form && value.is_known() ? attribute.normal_form(value) : value;
}

}  // namespace

std::vector<std::string> OtherContent(const std::vector<Attribute>& attributes, const Value& prior, const Value& planned) {
  std::vector<std::string> names;
  for (const Attribute& one : attributes) {
    if (one.role != Role::kContent) continue;
    const Value wanted = planned.Get(one.name);
    const Value has = prior.Get(one.name);
    const bool same = wanted.is_wholly_known() && (wanted == has || Normal(one, wanted) == Normal(one, has));
    if (!same) names.push_back(one.name);
  }
  return names;
}

Value KeepSpelling(const std::vector<Attribute>& attributes, const Value& prior, const Value& planned) {
  if (prior.is_null()) return planned;
  Value result = planned;
  for (const Attribute& one : attributes) {
    if (!one.normal_form) continue;
    const Value wanted = planned.Get(one.name);
    const Value has = prior.Get(one.name);
    if (!wanted.is_known() || !wanted.is_wholly_known() || !has.is_known() || wanted == has) continue;
    if (one.normal_form(wanted) == one.normal_form(has)) result = result.With(one.name, has);
  }
  return result;
}

bool IsContentKnown(const std::vector<Attribute>& attributes, const Value& planned) {
  return std::all_of(attributes.begin(), attributes.end(),
                     [&](const Attribute& one) { return one.role != Role::kContent || planned.Get(one.name).is_wholly_known(); });
}

Value WithUnknownOutputs(const std::vector<Attribute>& attributes, const Value& planned) {
  Value::Members members = planned.AsMembers();
  for (const Attribute& one : attributes) {
    if (one.role != Role::kOutput) continue;
    Value& member = members.find(one.name)->second;
    member = Value::Unknown(member.type());
  }
  return Value::ObjectOf(planned.type(), std::move(members));
}

Value TakeAfterImport(const std::vector<Attribute>& attributes, const Value& prior, const Value& planned) {
  Value::Members members = prior.AsMembers();
  for (const Attribute& one : attributes) {
    Value& member = members.find(one.name)->second;
    if (one.taken_after_import && member.is_null()) member = planned.Get(one.name);
  }
  return Value::ObjectOf(prior.type(), std::move(members));
}

std::string DescribeRequest(const std::vector<Attribute>& attributes, const Value& planned) {
  Value::Members parts;
  for (const Attribute& one : attributes) {
    if (one.role != Role::kContent && one.role != Role::kRequest) continue;
    const Value value = planned.Get(one.name);
    if (!value.is_null()) parts.emplace(one.name, Normal(one, value));
  }
  const auto text = cty::ToJson(Value::Object(std::move(parts)));
  return text ? *text : std::string();
}

void CheckExclusions(const std::vector<Attribute>& attributes, const Value& config, Diagnostics& diagnostics) {
  for (const Attribute& one : attributes) {
    if (one.excluded_by.empty()) continue;
    if (!config.Get(one.name).is_known() || !config.Get(one.excluded_by).is_known()) continue;
    diagnostics.Error(base::Cat("`", one.name, "` conflicts with `", one.excluded_by, "`"),
                      base::Cat("`", one.excluded_by, "` already determines it. Remove one of the two."),
                      cty::Path::Of(one.name));
  }
}

}  // namespace schema
