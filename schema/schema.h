// SPDX-License-Identifier: MPL-2.0
// The schema of a resource or of the provider block: its attributes and their implied type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/attribute.h"
#include "schema/cty/path.h"

namespace schema {

struct Schema {
  std::int64_t version = 0;
  std::string doc{};  // Markdown; the first sentence is the summary
  std::vector<Attribute> attributes{};

  cty::Type ImpliedType() const;
  // The attribute at `path`, through nesting and collections; null when there is none.
  const Attribute* Find(const cty::Path& path) const;
};

// `value` (an object of the schema, or null, or unknown) with every write-only attribute null, through nested attributes and
// collections; unknown containers stay unknown. The one place that strips them.
cty::Value NullWriteOnly(const Schema& schema, const cty::Value& value);

// What is wrong with the schema itself, by Terraform's rules (plugin-protocol: InternalValidate): empty when it is fine.
std::vector<std::string> CheckSchema(const Schema& schema);

// Runs every validator over the known parts of a config, and checks required nested attributes.
Diagnostics ValidateConfig(const Schema& schema, const cty::Value& config);

}  // namespace schema
