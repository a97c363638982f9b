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
    case FieldKind::kBlockList:
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

bool IsBlock(const ConfigField& field) { return field.kind == FieldKind::kBlock || field.kind == FieldKind::kBlockList; }

// The block's fields lie behind it.
std::span<const ConfigField> MembersOf(const ConfigField& block, std::span<const ConfigField> behind) {
  const std::string prefix = base::Cat(block.name, ".");
  std::size_t count = 0;
  while (count < behind.size() && behind[count].name.starts_with(prefix)) ++count;
  return behind.first(count);
}

std::string_view LastPart(std::string_view name) { return name.substr(name.rfind('.') + 1); }

// Settings hold lists and maps as lines.
void CheckLines(const Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
  const auto check = [&](const Value& element, const schema::cty::Path& at) {
    if (element.is_unknown()) return;
    if (element.is_null())
      diagnostics.Error(base::Cat("A null in ", path.ToText()), "Give each element a text.", at);
    else if (element.AsString().find('\n') != std::string::npos)
      diagnostics.Error(base::Cat("A line break in ", path.ToText()), "An element of this argument is one line.", at);
  };
  if (value.type().kind() == schema::cty::Kind::kMap) {
    for (const auto& [key, element] : value.AsMembers()) check(element, path.Key(key));
    return;
  }
  std::int64_t index = 0;
  for (const Value& element : value.AsElements()) check(element, path.Index(index++));
}

Attribute AttributeOf(const ConfigField& field) {
  Attribute attribute{.name = std::string(LastPart(field.name)), .type = TypeOf(field.kind), .doc = std::string(field.doc)};
  attribute.required = field.required;
  attribute.optional = !field.required;
  attribute.write_only = attribute.sensitive = field.secret;
  if (!field.default_value.empty()) {
    attribute.computed = true;
    attribute.default_value = DefaultOf(field);
  }
  if (field.kind == FieldKind::kStringList || field.kind == FieldKind::kStringMap) attribute.validators.push_back(CheckLines);
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

void ReadOne(const ConfigField& field, const Value& value, const std::string& name, BlockValues& values) {
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

// `prefix`: what the names of the fields have before them in settings.
void ReadFields(std::span<const ConfigField> fields, const Value& object, const std::string& prefix, BlockValues& values) {
  while (!fields.empty()) {
    const ConfigField& field = fields.front();
    fields = fields.subspan(1);
    const Value value = object.Get(LastPart(field.name));
    const std::string name = base::Cat(prefix, LastPart(field.name));
    if (!IsBlock(field)) {
      ReadOne(field, value, name, values);
      continue;
    }
    const auto members = MembersOf(field, fields);
    fields = fields.subspan(members.size());
    if (field.kind == FieldKind::kBlock) {
      ReadFields(members, value, name + ".", values);
      continue;
    }
    if (value.is_unknown()) values.has_unknown_setting = values.has_unknown_secret = true;
    if (!value.is_known()) continue;
    for (std::size_t i = 0; i < value.AsElements().size(); ++i) {
      ReadFields(members, value.AsElements()[i], base::Cat(name, ".", i, "."), values);
    }
  }
}

bool IsNumber(std::string_view part) { return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

std::vector<Attribute> AttributesOf(std::span<const ConfigField> fields) {
  std::vector<Attribute> attributes;
  while (!fields.empty()) {
    const ConfigField& field = fields.front();
    fields = fields.subspan(1);
    attributes.push_back(AttributeOf(field));
    if (!IsBlock(field)) continue;
    const auto members = MembersOf(field, fields);
    attributes.back().nesting = field.kind == FieldKind::kBlock ? schema::Nesting::kSingle : schema::Nesting::kList;
    attributes.back().nested = AttributesOf(members);
    fields = fields.subspan(members.size());
  }
  return attributes;
}

BlockValues ReadBlock(std::span<const ConfigField> fields, const Value& object) {
  BlockValues values;
  ReadFields(fields, object, "", values);
  return values;
}

schema::cty::Path PathOf(std::string_view field, schema::cty::Path path) {
  for (const std::string& part : base::Split(field, '.')) {
    path = IsNumber(part) ? path.Index(std::stoll(part)) : path.Attribute(part);
  }
  return path;
}

std::optional<schema::cty::Path> PathOfBlame(const base::Error& error, base::Subject here) {
  if (error.blame.subject != here || error.blame.attribute.empty()) return std::nullopt;
  return PathOf(error.blame.attribute);
}

Value ValueOf(std::string_view field, const Value& object) {
  Value value = object;
  for (const std::string& part : base::Split(field, '.')) {
    value = IsNumber(part) ? value.AsElements().at(std::stoul(part)) : value.Get(part);
  }
  return value;
}

}  // namespace resources
