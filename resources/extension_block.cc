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
    case FieldKind::kBlock:
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

// The block's fields lie behind it.
std::span<const ConfigField> MembersOf(const ConfigField& block, std::span<const ConfigField> behind) {
  const std::string prefix = base::Cat(block.name, ".");
  std::size_t count = 0;
  while (count < behind.size() && behind[count].name.starts_with(prefix)) ++count;
  return behind.first(count);
}

std::string_view LastPart(std::string_view name) { return name.substr(name.rfind('.') + 1); }

Attribute AttributeOf(const ConfigField& field) {
  Attribute attribute{.name = std::string(LastPart(field.name)), .type = TypeOf(field.kind), .doc = std::string(field.doc)};
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

std::string TextOf(const Value& value, std::string_view separator) {
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
      return base::Join(items, separator);
    }
    case schema::cty::Kind::kMap: {
      std::vector<std::string> items;
      for (const auto& [key, element] : value.AsMembers()) {
        if (element.is_known()) items.push_back(key + "=" + element.AsString());
      }
      return base::Join(items, separator);
    }
    default:
      return value.AsString();
  }
}

}  // namespace

std::vector<Attribute> AttributesOf(std::span<const ConfigField> fields) {
  std::vector<Attribute> attributes;
  while (!fields.empty()) {
    const ConfigField& field = fields.front();
    fields = fields.subspan(1);
    attributes.push_back(AttributeOf(field));
    if (field.kind != FieldKind::kBlock) continue;
    const auto members = MembersOf(field, fields);
    attributes.back().nesting = schema::Nesting::kSingle;
    attributes.back().nested = AttributesOf(members);
    fields = fields.subspan(members.size());
  }
  return attributes;
}

BlockValues ReadBlock(std::span<const ConfigField> fields, const Value& object) {
  BlockValues values;
  for (const ConfigField& field : fields) {
    if (field.kind == FieldKind::kBlock) continue;
    const Value value = ValueOf(field.name, object);
    const std::string name(field.name);
    if (!value.is_wholly_known()) {
      (field.secret ? values.has_unknown_secret : values.has_unknown_setting) = true;
    } else if (value.is_null()) {
      if (!field.default_value.empty()) values.settings[name] = field.default_value;
    } else if (field.secret) {
      values.secrets[name] = base::Secret(TextOf(value, std::string_view("\0", 1)));
    } else {
      values.settings[name] = TextOf(value, "\n");
    }
  }
  return values;
}

schema::cty::Path PathOf(std::string_view field) {
  schema::cty::Path path;
  for (const std::string& part : base::Split(field, '.')) path = path.Attribute(part);
  return path;
}

Value ValueOf(std::string_view field, const Value& object) {
  Value value = object;
  for (const std::string& part : base::Split(field, '.')) value = value.Get(part);
  return value;
}

}  // namespace resources
