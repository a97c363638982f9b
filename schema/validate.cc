// SPDX-License-Identifier: MPL-2.0
#include "base/text.h"
#include "schema/nested_objects.h"
#include "schema/schema.h"

namespace schema {
namespace {

void ValidateObject(const std::vector<Attribute>& attributes, const cty::Value& object, const cty::Path& path,
                    Diagnostics& diagnostics);

void ValidateNested(const Attribute& attribute, const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
  for (const NestedObject& one : ObjectsOf(attribute, value)) {
    const cty::Path at = PathOf(path, one);
    if (one.object.is_null()) {
      diagnostics.Error("Null element", base::Cat(at.ToText(), " is null. Give it a value, or leave it out."), at);
    } else if (one.object.is_known()) {
      ValidateObject(attribute.nested, one.object, at, diagnostics);
    }
  }
}

// Elements of a set have no path of their own. False after an error.
bool RefuseNulls(const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
  if (value.is_null() || !value.type().is_collection()) return true;
  bool is_fine = true;
  const auto check = [&](const cty::Value& element, const cty::Path& at) {
    if (!element.is_null()) return;
    is_fine = false;
    diagnostics.Error(
        base::Cat("A null in ", path.ToText()),
        base::Cat(at.ToText(), at == path ? " contains a null." : " is null.", " Give it a value, or leave it out."), at);
  };
  if (value.type().kind() == cty::Kind::kMap) {
    for (const auto& [key, element] : value.AsMembers()) check(element, path.Key(key));
    return is_fine;
  }
  std::int64_t index = 0;
  for (const cty::Value& element : value.AsElements())
    check(element, value.type().kind() == cty::Kind::kSet ? path : path.Index(index++));
  return is_fine;
}

void ValidateAttribute(const Attribute& attribute, const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
  if (value.is_null() && attribute.required) {
    diagnostics.Error("Missing required argument",
                      base::Cat("The argument ", path.ToText(), " is required, but it is null or not set."), path);
  }
  if (!value.is_known()) return;
  if (attribute.nested.empty() && !RefuseNulls(value, path, diagnostics)) return;
  for (const Validator& validator : attribute.validators) validator(value, path, diagnostics);
  ValidateNested(attribute, value, path, diagnostics);
}

void ValidateObject(const std::vector<Attribute>& attributes, const cty::Value& object, const cty::Path& path,
                    Diagnostics& diagnostics) {
  for (const Attribute& attribute : attributes) {
    ValidateAttribute(attribute, object.Get(attribute.name), path.Attribute(attribute.name), diagnostics);
  }
}

}  // namespace

Diagnostics ValidateConfig(const Schema& schema, const cty::Value& config) {
  Diagnostics diagnostics;
  if (config.is_known()) ValidateObject(schema.attributes, config, cty::Path(), diagnostics);
  return diagnostics;
}

}  // namespace schema
