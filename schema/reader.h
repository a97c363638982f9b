// SPDX-License-Identifier: MPL-2.0
// Reader: typed access to an object value by attribute name, held to its schema: a secret can only be read from a sensitive
// attribute and arrives as a Secret, anything else only from one that is not sensitive (both asserted).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "schema/attribute.h"
#include "schema/cty/value.h"

namespace schema {

class Reader {
 public:
  // Both borrowed; they outlive the reader. `value`: an object; null and unknown objects read as absent everywhere.
  Reader(const std::vector<Attribute>& attributes, const cty::Value& value) : attributes_(attributes), value_(value) {}

  // Each is empty when the attribute is null or unknown.
  std::optional<std::string> Text(std::string_view name) const;
  std::optional<base::Secret> SecretText(std::string_view name) const;
  std::optional<bool> Flag(std::string_view name) const;
  std::optional<std::int64_t> Integer(std::string_view name) const;
  std::optional<std::chrono::milliseconds> Duration(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name) const;  // list or set of strings; known elements only
  // The element readers of a nested attribute: one for single nesting, one each for list and set; absent ones are left out.
  std::vector<Reader> Nested(std::string_view name) const;
  std::optional<Reader> Single(std::string_view name) const;

  bool IsUnknown(std::string_view name) const;
  bool IsNull(std::string_view name) const;
  cty::Value Raw(std::string_view name) const;
  const cty::Value& value() const { return value_; }

 private:
  const Attribute& Declared(std::string_view name) const;
  const std::vector<Attribute>& attributes_;
  cty::Value value_;
};

}  // namespace schema
