// SPDX-License-Identifier: MPL-2.0
// Function: a pure function of the provider, provider::certwright::<name>(…). It runs unconfigured.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "schema/cty/value.h"

namespace resources {

struct FunctionParameter {
  std::string name;
  schema::cty::Type type;
  std::string doc;  // Markdown, ends with a full stop
  bool allow_null = false;
};

struct Function {
  std::string name;
  std::string summary;  // plain text, ends with a full stop
  std::string doc;      // Markdown
  std::vector<FunctionParameter> parameters;
  schema::cty::Type result;
  // `arguments`: known, of the parameters' types, one each. An error is about the argument where there is but one.
  base::Result<schema::cty::Value> (*call)(std::span<const schema::cty::Value> arguments);
};

}  // namespace resources
