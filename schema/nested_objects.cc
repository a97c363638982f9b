// SPDX-License-Identifier: MPL-2.0
#include "schema/nested_objects.h"

namespace schema {

std::vector<NestedObject> ObjectsOf(const Attribute& attribute, const cty::Value& value) {
  std::vector<NestedObject> objects;
  if (!value.is_known()) return objects;
  std::int64_t index = 0;
  switch (attribute.nesting) {
    case Nesting::kNone:
      break;
    case Nesting::kSingle:
      objects.push_back({.object = value});
      break;
    case Nesting::kList:
      for (const cty::Value& one : value.AsElements()) objects.push_back({.step = cty::IndexStep{index++}, .object = one});
      break;
    case Nesting::kSet:
      for (const cty::Value& one : value.AsElements()) objects.push_back({.object = one});
      break;
    case Nesting::kMap:
      for (const auto& [key, one] : value.AsMembers()) objects.push_back({.step = cty::KeyStep{key}, .object = one});
      break;
  }
  return objects;
}

cty::Value WithObjects(const Attribute& attribute, const cty::Value& container, std::vector<NestedObject> objects) {
  if (!container.is_known() || attribute.nesting == Nesting::kNone) return container;
  if (attribute.nesting == Nesting::kSingle) return std::move(objects.front().object);
  const cty::Type& element = container.type().element();
  cty::Value::Elements elements;
  cty::Value::Members members;
  for (NestedObject& one : objects) {
    if (attribute.nesting == Nesting::kMap) {
      members.emplace(std::get<cty::KeyStep>(*one.step).key, std::move(one.object));
    } else {
      elements.push_back(std::move(one.object));
    }
  }
  if (attribute.nesting == Nesting::kMap) return cty::Value::Map(element, std::move(members));
  if (attribute.nesting == Nesting::kSet) return cty::Value::Set(element, std::move(elements));
  return cty::Value::List(element, std::move(elements));
}

cty::Path PathOf(const cty::Path& path, const NestedObject& object) {
  cty::Path longer = path;
  if (object.step) longer.Push(*object.step);
  return longer;
}

}  // namespace schema
