// SPDX-License-Identifier: MPL-2.0
#include "resources/extension_block.h"

#include "base/text.h"
#include "schema/validators.h"

namespace resources {
namespace {

using base::ConfigField;
using base::FieldKind;
using schema::Attribute;
using schema::cty::Type;
using schema::cty::Value;

Type TypeOf(FieldKind kind) {
  switch (kind) {
    case FieldKind::kNumber:
      return Type::Number();
    case FieldKind::kBool:
      return Type::Bool();
    case FieldKind::kStringList:
      return Type::List(Type::String());
    case FieldKind::kStringMap:
      return Type::Map(Type::String());
    case FieldKind::kString:
      break;
  }
  return Type::String();
}

Value DefaultOf(const ConfigField& field) {
  switch (field.kind) {
    case FieldKind::kBool:
      return Value::Bool(field.default_value == "true");
    case FieldKind::kNumber:
      return Value::Number(*schema::cty::NumberText::Parse(field.default_value));
    default:
      return Value::String(std::string(field.default_value));
  }
}

Attribute AttributeOf(const ConfigField& field) {
  Attribute attribute{.name = std::string(field.name), .type = TypeOf(field.kind), .doc = std::string(field.doc)};
  attribute.required = field.required;
  attribute.optional = !field.required;
  attribute.write_only = attribute.sensitive = field.secret;
  if (!field.default_value.empty()) {
    attribute.computed = true;
    attribute.default_value = DefaultOf(field);
  }
  if (!field.one_of.empty()) attribute.validators.push_back(schema::OneOf(base::Split(field.one_of, '|')));
  return attribute;
}

std::string TextOf(const Value& value) {
  switch (value.type().kind()) {
    case schema::cty::Kind::kBool:
      return value.AsBool() ? "true" : "false";
    case schema::cty::Kind::kNumber:
      return value.AsNumber().text();
    case schema::cty::Kind::kList: {
      std::vector<std::string> items;
      for (const Value& element : value.AsElements()) {
        if (element.is_known()) items.push_back(element.AsString());
      }
      return base::Join(items, "\n");
    }
    case schema::cty::Kind::kMap: {
      std::vector<std::string> items;
      for (const auto& [key, element] : value.AsMembers()) {
        if (element.is_known()) items.push_back(key + "=" + element.AsString());
      }
      return base::Join(items, "\n");
    }
    default:
      return value.AsString();
  }
}

}  // namespace

std::vector<Attribute> AttributesOf(std::span<const ConfigField> fields) {
  std::vector<Attribute> attributes;
  for (const ConfigField& field : fields) attributes.push_back(AttributeOf(field));
  return attributes;
}

BlockValues ReadBlock(std::span<const ConfigField> fields, const Value& object) {
  BlockValues values;
  for (const ConfigField& field : fields) {
    const Value value = object.Get(field.name);
    const std::string name(field.name);
    if (!value.is_wholly_known()) {
      (field.secret ? values.has_unknown_secret : values.has_unknown_setting) = true;
    } else if (value.is_null()) {
      if (!field.default_value.empty()) values.settings[name] = field.default_value;
    } else if (field.secret) {
      values.secrets[name] = base::Secret(TextOf(value));
    } else {
      values.settings[name] = TextOf(value);
    }
  }
  return values;
}

}  // namespace resources
