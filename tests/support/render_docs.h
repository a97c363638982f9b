// SPDX-License-Identifier: MPL-2.0
// Documentation pages from schemas, in the layout that the Terraform registry shows (front matter, Example Usage, Schema,
// Import).
#pragma once

#include <string>
#include <vector>

#include "resources/function.h"
#include "schema/schema.h"

namespace tests {

// What a page has besides its schema; each may be empty.
struct PageParts {
  std::string subcategory{};  // the heading in the registry's menu
  std::string example{};      // HCL
  std::string import{};       // shell commands
  std::string guide{};        // Markdown, between the example and the schema
};

// `category`: "Resource", "Data Source" or "Ephemeral Resource".
std::string RenderTypePage(const std::string& type_name, const std::string& category, const schema::Schema& schema,
                           const PageParts& parts);
std::string RenderFunctionPage(const resources::Function& function, const PageParts& parts);
std::string RenderProviderPage(const schema::Schema& schema, const PageParts& parts);

// What the doc texts lack: each schema and attribute has one, and it ends with a full stop. A line each, with the path.
std::vector<std::string> DocProblems(const schema::Schema& schema);

}  // namespace tests
