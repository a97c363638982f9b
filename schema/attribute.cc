// SPDX-License-Identifier: MPL-2.0
#include "schema/attribute.h"

namespace schema {
namespace {

Attribute Leaf(std::string name, cty::Type type) { return Attribute{.name = std::move(name), .type = std::move(type)}; }

}  // namespace

cty::Type Attribute::ImpliedType() const {
  if (nesting == Nesting::kNone) return type;
  cty::Type object = ImpliedObjectType(nested);
  switch (nesting) {
    case Nesting::kList:
      return cty::Type::List(std::move(object));
    case Nesting::kSet:
      return cty::Type::Set(std::move(object));
    case Nesting::kMap:
      return cty::Type::Map(std::move(object));
    default:
      return object;
  }
}

cty::Type ImpliedObjectType(const std::vector<Attribute>& attributes) {
  cty::Type::Attributes types;
  types.reserve(attributes.size());
  for (const Attribute& attribute : attributes) types.emplace_back(attribute.name, attribute.ImpliedType());
  return cty::Type::Object(std::move(types));
}

Attribute String(std::string name) { return Leaf(std::move(name), cty::Type::String()); }
Attribute Bool(std::string name) { return Leaf(std::move(name), cty::Type::Bool()); }
Attribute Number(std::string name) { return Leaf(std::move(name), cty::Type::Number()); }
Attribute List(std::string name, cty::Type element) { return Leaf(std::move(name), cty::Type::List(std::move(element))); }
Attribute Set(std::string name, cty::Type element) { return Leaf(std::move(name), cty::Type::Set(std::move(element))); }
Attribute Map(std::string name, cty::Type element) { return Leaf(std::move(name), cty::Type::Map(std::move(element))); }

Attribute Nested(std::string name, Nesting nesting, std::vector<Attribute> nested) {
  return Attribute{.name = std::move(name), .nesting = nesting, .nested = std::move(nested)};
}

}  // namespace schema
