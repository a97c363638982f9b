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

// What an attribute means to the object: schema/roles.h derives the behavior.
enum class Role {
  kSetting,  // stored; a change has no other effect
  kContent,  // a change makes the object's content again, in place
  kRequest,  // how the content is requested: a change matters to a request that is under way, and re-issues nothing
  kOutput,   // comes with the content
};

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
  Role role = Role::kSetting;
  bool taken_after_import = false;  // an imported object does not know it: the configured value counts as the object's own
  std::string excluded_by{};        // an attribute that says the same: never both
  // Of known values that mean the same, one: two spellings of it are no change. Empty: each value means another thing.
  std::function<cty::Value(const cty::Value& value)> normal_form{};

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

  Attribute Content() && {
    role = Role::kContent;
    return std::move(*this);
  }
  Attribute Request() && {
    role = Role::kRequest;
    return std::move(*this);
  }
  // Implies Computed.
  Attribute Output() && {
    role = Role::kOutput;
    computed = true;
    return std::move(*this);
  }
  Attribute TakenAfterImport() && {
    taken_after_import = true;
    return std::move(*this);
  }
  Attribute ExcludedBy(std::string attribute) && {
    excluded_by = std::move(attribute);
    return std::move(*this);
  }
  Attribute NormalForm(std::function<cty::Value(const cty::Value& value)> form) && {
    normal_form = std::move(form);
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
