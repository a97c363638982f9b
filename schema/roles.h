// SPDX-License-Identifier: MPL-2.0
// What follows from the roles of attributes. All pure; the values are objects of `attributes`.
#pragma once

#include <string>
#include <vector>

#include "schema/attribute.h"
#include "schema/cty/value.h"
#include "schema/diagnostics.h"

namespace schema {

// The names of the attributes by which `planned` wants another content than `prior` has, or one that is not known yet, in the
// order of the schema. Empty if the content stays.
std::vector<std::string> OtherContent(const std::vector<Attribute>& attributes, const cty::Value& prior,
                                      const cty::Value& planned);

// True if everything that the content depends on is known.
bool IsContentKnown(const std::vector<Attribute>& attributes, const cty::Value& planned);

// `planned` with the prior value of each attribute whose normal form stays: Terraform accepts it in place of the configured one,
// and shows no difference. Attributes of nested objects are left alone.
cty::Value KeepSpelling(const std::vector<Attribute>& attributes, const cty::Value& prior, const cty::Value& planned);

// `planned` with every output unknown.
cty::Value WithUnknownOutputs(const std::vector<Attribute>& attributes, const cty::Value& planned);

// `prior`, which came from an import, with what only the configuration knows: where `prior` has null, the value of `planned`.
cty::Value TakeAfterImport(const std::vector<Attribute>& attributes, const cty::Value& prior, const cty::Value& planned);

// All that a request for the content depends on, as JSON: the same text for the same request. Null attributes are left out.
// `planned`: wholly known.
std::string DescribeRequest(const std::vector<Attribute>& attributes, const cty::Value& planned);

// An error for each attribute that is set beside the one that excludes it. What is unknown may become null.
void CheckExclusions(const std::vector<Attribute>& attributes, const cty::Value& config, Diagnostics& diagnostics);

}  // namespace schema
