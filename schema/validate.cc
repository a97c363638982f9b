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

void ValidateAttribute(const Attribute& attribute, const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
  if (value.is_null() && attribute.required) {
    diagnostics.Error("Missing required argument",
                      base::Cat("The argument ", path.ToText(), " is required, but it is null or not set."), path);
  }
  if (!value.is_known()) return;
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
