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

// By the names that such fields have, whatever the vendor.
bool HoldsFile(const ConfigField& field) {
  return field.kind == FieldKind::kString &&
         (field.name.ends_with("_pem") || field.name.ends_with("_json") || field.name == "kubeconfig");
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
  if (HoldsFile(field)) attribute.validators.push_back(schema::IsFileContent());
  if (!field.one_of.empty()) attribute.validators.push_back(schema::OneOf(base::Split(field.one_of, '|')));
  return attribute;
}

template <typename Map>
Map MapOf(const Value& value) {
  Map map;
  for (const auto& [key, element] : value.AsMembers()) {
    if (element.is_known()) map.emplace(key, typename Map::mapped_type(element.AsString()));
  }
  return map;
}

base::SettingList ListOf(const Value& value) {
  base::SettingList list;
  for (const Value& element : value.AsElements()) {
    if (element.is_known()) list.push_back(element.AsString());
  }
  return list;
}

// Of no block, and of a known value.
base::Setting SettingOf(const ConfigField& field, const Value& value) {
  switch (field.kind) {
    case FieldKind::kBool:
      return value.AsBool();
    case FieldKind::kNumber:
      return base::Number(value.AsNumber().text());
    case FieldKind::kStringList:
      return ListOf(value);
    case FieldKind::kStringMap:
      if (field.secret) return MapOf<base::SecretMap>(value);
      return MapOf<base::SettingMap>(value);
    default:
      if (field.secret) return base::Secret(value.AsString());
      return value.AsString();
  }
}

void ReadOne(const ConfigField& field, const Value& value, base::Settings& settings, BlockValues& values) {
  if (!value.is_wholly_known()) {
    (field.secret ? values.has_unknown_secret : values.has_unknown_setting) = true;
  } else if (!value.is_null()) {
    settings.Set(field.name, SettingOf(field, value));
  } else if (!field.default_value.empty()) {
    settings.Set(field.name, SettingOf(field, DefaultOf(field)));
  }
}

void ReadFields(const Value& object, base::Settings& settings, BlockValues& values) {
  for (const ConfigField& field : settings.fields()) {
    const Value value = object.Get(field.name);
    if (field.kind == FieldKind::kBlock) {
      ReadFields(value, settings.MutableBlock(field.name), values);
    } else if (field.kind != FieldKind::kBlockList) {
      ReadOne(field, value, settings, values);
    } else if (value.is_unknown()) {
      values.has_unknown_setting = values.has_unknown_secret = true;
    } else if (value.is_known()) {
      for (const Value& element : value.AsElements()) ReadFields(element, settings.AddBlock(field.name), values);
    }
  }
}

bool IsNumber(std::string_view part) { return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

std::vector<Attribute> AttributesOf(std::span<const ConfigField> fields) {
  std::vector<Attribute> attributes;
  for (const ConfigField& field : fields) {
    attributes.push_back(AttributeOf(field));
    if (!IsBlock(field)) continue;
    attributes.back().nesting = field.kind == FieldKind::kBlock ? schema::Nesting::kSingle : schema::Nesting::kList;
    attributes.back().nested = AttributesOf(field.members.span());
  }
  return attributes;
}

BlockValues ReadBlock(std::span<const ConfigField> fields, const Value& object) {
  BlockValues values{.settings = base::Settings(fields)};
  ReadFields(object, values.settings, values);
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
