// SPDX-License-Identifier: MPL-2.0
// examples/mocks/certwright.tfmock.hcl gives `mock_provider` a handle of the right form for each resource of the catalog: what
// Terraform makes up itself is refused where a handle belongs. UPDATE_GOLDEN=1 rewrites it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "base/text.h"
#include "resources/catalog.h"
#include "resources/sealed/payload.h"
#include "tests/support/source_tree.h"

namespace {

namespace handle_kind = resources::sealed::handle_kind;

constexpr const char* kMockFile = "examples/mocks/certwright.tfmock.hcl";

// Empty for a resource without a handle.
std::string MockHandle(std::string_view type_name) {
  const std::string id = "00000000000000000000000000000000";
  std::string_view kind;
  std::string facts;
  if (type_name.starts_with("certwright_app_connection_")) kind = handle_kind::kConnection;
  if (type_name == "certwright_external_ca_acme") kind = handle_kind::kCa;
  if (type_name == "certwright_certificate_profile") kind = handle_kind::kProfile;
  if (type_name == "certwright_certificate") {
    kind = handle_kind::kCertificate;
    facts = resources::sealed::CertificateFacts(id, "P256");
  }
  if (kind.empty()) return {};
  return base::Cat("cw2:", kind, ':', facts, ":00000000:bW9jaw");  // "mock" in base64
}

std::string MockFile() {
  std::string text =
      "# SPDX-License-Identifier: MPL-2.0\n"
      "# For `mock_provider \"certwright\" { source = \"…/mocks\" }` in tests of modules. Written by tests/mock_file_test.cc.\n";
  for (const auto& resource : resources::Catalog()) {
    const bool has_handle = resource->schema().Find(schema::cty::Path::Of("handle")) != nullptr;
    const std::string handle = MockHandle(resource->type_name());
    EXPECT_EQ(has_handle, !handle.empty()) << resource->type_name();
    if (handle.empty()) continue;
    text.append(
        base::Cat("\nmock_resource \"", resource->type_name(), "\" {\n  defaults = {\n    handle = \"", handle, "\"\n  }\n}\n"));
  }
  return text;
}

TEST(DocsMockFile, HasAHandleForEachResource) {
  const std::string expected = MockFile();
  const auto path = testing_support::SourceRoot() / kMockFile;
  if (base::Environment("UPDATE_GOLDEN")) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << expected;
  }

  std::ostringstream present;
  present << std::ifstream(path).rdbuf();

  EXPECT_EQ(present.str(), expected);
}

}  // namespace
