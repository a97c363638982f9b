// SPDX-License-Identifier: MPL-2.0
#include "schema/schema.h"

#include <algorithm>

#include "schema/nested_objects.h"

namespace schema {
namespace {

bool HasWriteOnly(const std::vector<Attribute>& attributes) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [](const Attribute& one) { return one.write_only || HasWriteOnly(one.nested); });
}

cty::Value Stripped(const std::vector<Attribute>& attributes, const cty::Value& object);

cty::Value StrippedMember(const Attribute& attribute, const cty::Value& value) {
  if (attribute.write_only) return cty::Value::Null(value.type());
  auto objects = ObjectsOf(attribute, value);
  for (NestedObject& one : objects) one.object = Stripped(attribute.nested, one.object);
  return WithObjects(attribute, value, std::move(objects));
}

cty::Value Stripped(const std::vector<Attribute>& attributes, const cty::Value& object) {
  if (!object.is_known() || !HasWriteOnly(attributes)) return object;
  cty::Value::Members members = object.AsMembers();
  for (const Attribute& attribute : attributes) {
    cty::Value& member = members.find(attribute.name)->second;
    member = StrippedMember(attribute, member);
  }
  return cty::Value::ObjectOf(object.type(), std::move(members));
}

const Attribute* FindByName(const std::vector<Attribute>& attributes, const std::string& name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& one) { return one.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

}  // namespace

cty::Type Schema::ImpliedType() const { return ImpliedObjectType(attributes); }

const Attribute* Schema::Find(const cty::Path& path) const {
  const std::vector<Attribute>* level = &attributes;
  const Attribute* attribute = nullptr;
  for (const cty::Step& step : path.steps()) {
    const auto* named = std::get_if<cty::AttributeStep>(&step);
    // An index or a key leads into the attribute before it.
    if (named != nullptr) attribute = FindByName(*level, named->name);
    if (attribute == nullptr) return nullptr;
    level = &attribute->nested;
  }
  return attribute;
}

cty::Value NullWriteOnly(const Schema& schema, const cty::Value& value) { return Stripped(schema.attributes, value); }

}  // namespace schema
