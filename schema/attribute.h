// SPDX-License-Identifier: MPL-2.0
// One attribute of a schema, written as a chain: String("name").Required().Doc("…").
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/cty/path.h"
#include "schema/cty/type.h"
#include "schema/cty/value.h"
#include "schema/diagnostics.h"

namespace schema {

// Called with known, non-null values only.
using Validator = std::function<void(const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics)>;

enum class Nesting { kNone, kSingle, kList, kSet, kMap };

struct Attribute {
  std::string name;
  cty::Type type = cty::Type::String();  // for nesting kNone; else made by ImpliedType from `nested`
  Nesting nesting = Nesting::kNone;
  std::vector<Attribute> nested{};
  bool required = false;
  bool optional = false;
  bool computed = false;
  bool sensitive = false;
  bool write_only = false;
  std::optional<cty::Value> default_value{};  // for an optional and computed attribute that the config leaves null
  std::vector<Validator> validators{};
  std::string doc{};  // Markdown, ends with a full stop

  Attribute Required() && {
    required = true;
    return std::move(*this);
  }
  Attribute Optional() && {
    optional = true;
    return std::move(*this);
  }
  Attribute Computed() && {
    computed = true;
    return std::move(*this);
  }
  Attribute Sensitive() && {
    sensitive = true;
    return std::move(*this);
  }
  // A secret input: in the configuration only, never in plan or state.
  Attribute WriteOnly() && {
    write_only = true;
    sensitive = true;
    return std::move(*this);
  }
  // Makes it optional and computed, as Terraform demands of an attribute with a default.
  Attribute Default(cty::Value value) && {
    optional = computed = true;
    default_value = std::move(value);
    return std::move(*this);
  }
  Attribute Check(Validator validator) && {
    validators.push_back(std::move(validator));
    return std::move(*this);
  }
  Attribute Doc(std::string text) && {
    doc = std::move(text);
    return std::move(*this);
  }

  cty::Type ImpliedType() const;
};

// The type of an object with these attributes.
cty::Type ImpliedObjectType(const std::vector<Attribute>& attributes);

Attribute String(std::string name);
Attribute Bool(std::string name);
Attribute Number(std::string name);
Attribute List(std::string name, cty::Type element);
Attribute Set(std::string name, cty::Type element);
Attribute Map(std::string name, cty::Type element);
Attribute Nested(std::string name, Nesting nesting, std::vector<Attribute> nested);

}  // namespace schema
