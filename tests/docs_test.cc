// SPDX-License-Identifier: MPL-2.0
// docs/index.md and docs/resources are what the schemas and examples say. UPDATE_GOLDEN=1 rewrites them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/environment.h"
#include "resources/catalog.h"
#include "resources/configure.h"
#include "tests/support/render_docs.h"

namespace tests {
namespace {

const std::filesystem::path kRoot = CERTWRIGHT_SOURCE_DIR;

// Empty when there is no such file.
std::string Content(const std::filesystem::path& file) {
  std::ostringstream text;
  std::ifstream stream(file);
  if (stream) text << stream.rdbuf();
  return text.str();
}

// The page on disk; written first when the golden files are to be updated.
std::string Stored(const std::filesystem::path& file, const std::string& rendered) {
  if (base::Environment("UPDATE_GOLDEN")) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << rendered;
  }
  return Content(file);
}

// The registry's file names leave out the provider's name.
std::string PageName(const std::string& type_name) { return type_name.substr(type_name.find('_') + 1) + ".md"; }

TEST(Docs, PageOfTheProviderIsWhatItsSchemaSays) {
  const std::string page =
      RenderProviderPage(resources::ProviderSchema(), {.example = Content(kRoot / "examples/provider/provider.tf")});

  EXPECT_EQ(Stored(kRoot / "docs/index.md", page), page);
}

TEST(Docs, PageOfEachResourceIsWhatItsSchemaSays) {
  for (const auto& resource : resources::Catalog()) {
    const std::string& type_name = resource->type_name();
    const auto examples = kRoot / "examples/resources" / type_name;
    const bool connection = type_name.starts_with("certwright_app_connection_");
    const std::string page = RenderResourcePage(type_name, resource->schema(),
                                                {.subcategory = connection ? "App connections" : "",
                                                 .example = Content(examples / "resource.tf"),
                                                 .import = Content(examples / "import.sh")});

    EXPECT_EQ(Stored(kRoot / "docs/resources" / PageName(type_name), page), page);
    EXPECT_NE(Content(examples / "resource.tf"), "") << type_name << " has no example";
  }
}

TEST(Docs, EachPageHasItsResource) {
  std::set<std::string> expected;
  for (const auto& resource : resources::Catalog()) expected.insert(PageName(resource->type_name()));

  for (const auto& file : std::filesystem::directory_iterator(kRoot / "docs/resources")) {
    EXPECT_TRUE(expected.contains(file.path().filename().string())) << file.path();
  }
}

TEST(Docs, EverythingIsDocumented) {
  EXPECT_THAT(DocProblems(resources::ProviderSchema()), ::testing::IsEmpty());
  for (const auto& resource : resources::Catalog()) {
    EXPECT_THAT(DocProblems(resource->schema()), ::testing::IsEmpty()) << resource->type_name();
  }
}

TEST(Docs, SchemasKeepTerraformsRules) {
  for (const auto& resource : resources::Catalog()) {
    EXPECT_THAT(schema::CheckSchema(resource->schema()), ::testing::IsEmpty()) << resource->type_name();
  }
}

}  // namespace
}  // namespace tests
