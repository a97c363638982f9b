// SPDX-License-Identifier: MPL-2.0
// Every attribute that holds text is in tests/string_attributes.txt, which says whether it is a secret or why it is none. A new
// attribute fails this test until somebody has decided.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/text.h"
#include "resources/catalog.h"
#include "resources/configure.h"
#include "tests/support/source_tree.h"

namespace tests {
namespace {

using schema::Attribute;
using schema::cty::Kind;
using schema::cty::Type;

bool HoldsText(const Type& type) {
  if (type.kind() == Kind::kString || type.kind() == Kind::kDynamic) return true;
  return type.is_collection() && HoldsText(type.element());
}

// By path, such as "certwright_certificate.renewal.due_at": whether Terraform hides it.
using IsHidden = std::map<std::string, bool>;

void Collect(const std::vector<Attribute>& attributes, const std::string& prefix, bool hidden, IsHidden& found) {
  for (const Attribute& one : attributes) {
    const std::string path = base::Cat(prefix, ".", one.name);
    const bool is_hidden = hidden || one.sensitive || one.write_only;
    if (one.nesting != schema::Nesting::kNone) {
      Collect(one.nested, path, is_hidden, found);
    } else if (HoldsText(one.type)) {
      found.emplace(path, is_hidden);
    }
  }
}

IsHidden Declared() {
  IsHidden found;
  Collect(resources::ProviderSchema().attributes, "provider", false, found);
  for (const auto& one : resources::Catalog()) Collect(one->schema().attributes, one->type_name(), false, found);
  for (const auto& one : resources::DataSources()) Collect(one->schema().attributes, "data." + one->type_name(), false, found);
  for (const auto& one : resources::EphemeralResources()) {
    Collect(one->schema().attributes, "ephemeral." + one->type_name(), false, found);
  }
  return found;
}

TEST(StringAttributes, AreSecretsOrHaveAReason) {
  const IsHidden declared = Declared();
  std::ifstream table(testing_support::SourceRoot() / "tests/string_attributes.txt");
  std::map<std::string, std::string> reasons;
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::string path;
    std::string reason;
    if (words >> path && path != "#" && std::getline(words >> std::ws, reason)) reasons.emplace(path, reason);
  }

  for (const auto& [path, hidden] : declared) {
    const auto reason = reasons.find(path);
    if (reason == reasons.end()) {
      ADD_FAILURE() << path << " is not in tests/string_attributes.txt: is it a secret?";
    } else {
      EXPECT_EQ(reason->second == "secret", hidden) << path << ": " << reason->second;
    }
  }
  for (const auto& [path, reason] : reasons) EXPECT_TRUE(declared.contains(path)) << path << " no longer exists";
}

}  // namespace
}  // namespace tests
