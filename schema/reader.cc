// SPDX-License-Identifier: MPL-2.0
#include "schema/reader.h"

#include <algorithm>

#include "base/require.h"
#include "base/time_format.h"
#include "schema/nested_objects.h"

namespace schema {
namespace {

// As plain text, a secret would be logged or printed sooner or later.
constexpr char kReadsSecret[] = "a sensitive attribute is read as plain text";

}  // namespace

const Attribute& Reader::Declared(std::string_view name) const {
  const auto found = std::find_if(attributes_.begin(), attributes_.end(), [&](const Attribute& one) { return one.name == name; });
  // A name that is not in the schema is a misspelling in our own source.
  base::Require(found != attributes_.end(), "the schema has no attribute of this name");
  return *found;
}

cty::Value Reader::Raw(std::string_view name) const { return value_.Get(name); }
bool Reader::IsUnknown(std::string_view name) const { return Raw(name).is_unknown(); }
bool Reader::IsNull(std::string_view name) const { return Raw(name).is_null(); }

std::optional<std::string> Reader::Text(std::string_view name) const {
  base::Require(!Declared(name).sensitive, kReadsSecret);
  const cty::Value value = Raw(name);
  if (!value.is_known()) return std::nullopt;
  return value.AsString();
}

std::optional<base::Secret> Reader::SecretText(std::string_view name) const {
  base::Require(Declared(name).sensitive, "an attribute that is not sensitive is read as a secret");
  const cty::Value value = Raw(name);
  if (!value.is_known()) return std::nullopt;
  return base::Secret(value.AsString());
}

std::optional<bool> Reader::Flag(std::string_view name) const {
  base::Require(!Declared(name).sensitive, kReadsSecret);
  const cty::Value value = Raw(name);
  if (!value.is_known()) return std::nullopt;
  return value.AsBool();
}

std::optional<std::int64_t> Reader::Integer(std::string_view name) const {
  base::Require(!Declared(name).sensitive, kReadsSecret);
  const cty::Value value = Raw(name);
  if (!value.is_known()) return std::nullopt;
  return value.AsNumber().ToInt64();
}

std::optional<std::chrono::milliseconds> Reader::Duration(std::string_view name) const {
  const auto text = Text(name);
  if (!text) return std::nullopt;
  return base::ParseDuration(*text);
}

std::vector<std::string> Reader::Texts(std::string_view name) const {
  base::Require(!Declared(name).sensitive, kReadsSecret);
  std::vector<std::string> texts;
  const cty::Value value = Raw(name);
  if (!value.is_known()) return texts;
  for (const cty::Value& element : value.AsElements()) {
    if (element.is_known()) texts.push_back(element.AsString());
  }
  return texts;
}

std::vector<Reader> Reader::Nested(std::string_view name) const {
  const Attribute& attribute = Declared(name);
  std::vector<Reader> readers;
  for (const NestedObject& one : ObjectsOf(attribute, Raw(name))) {
    if (one.object.is_known()) readers.emplace_back(attribute.nested, one.object);
  }
  return readers;
}

std::optional<Reader> Reader::Single(std::string_view name) const {
  const Attribute& attribute = Declared(name);
  base::Require(attribute.nesting == Nesting::kSingle, "not a single nested attribute");
  const cty::Value value = Raw(name);
  if (!value.is_known()) return std::nullopt;
  return Reader(attribute.nested, value);
}

}  // namespace schema
