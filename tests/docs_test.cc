// SPDX-License-Identifier: MPL-2.0
// docs/index.md and the pages of resources, data sources, ephemeral resources and functions are what the schemas and examples
// say. UPDATE_GOLDEN=1 rewrites them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <span>
#include <sstream>

#include "base/environment.h"
#include "base/text.h"
#include "resources/catalog.h"
#include "resources/configure.h"
#include "tests/support/render_docs.h"
#include "tests/support/source_tree.h"

namespace tests {
namespace {

const std::filesystem::path& kRoot = testing_support::SourceRoot();

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
      RenderProviderPage(resources::ProviderSchema(), {.example = Content(kRoot / "examples/provider/provider.tf"),
                                                       .guide = Content(kRoot / "examples/provider/first-certificate.md")});

  EXPECT_EQ(Stored(kRoot / "docs/index.md", page), page);
}

TEST(Docs, PageOfEachResourceIsWhatItsSchemaSays) {
  for (const auto& resource : resources::Catalog()) {
    const std::string& type_name = resource->type_name();
    const auto examples = kRoot / "examples/resources" / type_name;
    const bool connection = type_name.starts_with("certwright_app_connection_");
    const std::string page = RenderTypePage(type_name, "Resource", resource->schema(),
                                            {.subcategory = connection ? "App connections" : "",
                                             .example = Content(examples / "resource.tf"),
                                             .import = Content(examples / "import.sh")});

    EXPECT_EQ(Stored(kRoot / "docs/resources" / PageName(type_name), page), page);
    EXPECT_NE(Content(examples / "resource.tf"), "") << type_name << " has no example";
    EXPECT_NE(Content(examples / "import.sh"), "") << type_name << " does not say how it is imported";
  }
}

TEST(Docs, EachPageHasItsResource) {
  std::set<std::string> expected;
  for (const auto& resource : resources::Catalog()) expected.insert(PageName(resource->type_name()));

  for (const auto& file : std::filesystem::directory_iterator(kRoot / "docs/resources")) {
    EXPECT_TRUE(expected.contains(file.path().filename().string())) << file.path();
  }
}

struct PageKind {
  const char* folder;  // of docs and of examples
  const char* example;
  const char* category;
  std::span<const std::unique_ptr<resources::Source>> sources;
};

std::array<PageKind, 2> Kinds() {
  return {{{"data-sources", "data-source.tf", "Data Source", resources::DataSources()},
           {"ephemeral-resources", "ephemeral-resource.tf", "Ephemeral Resource", resources::EphemeralResources()}}};
}

TEST(Docs, PageOfEachDataSourceAndEphemeralResourceIsWhatItsSchemaSays) {
  for (const PageKind& kind : Kinds()) {
    for (const auto& source : kind.sources) {
      const std::string& type_name = source->type_name();
      const std::string example = Content(kRoot / "examples" / kind.folder / type_name / kind.example);
      const std::string page = RenderTypePage(type_name, kind.category, source->schema(), {.example = example});

      EXPECT_EQ(Stored(kRoot / "docs" / kind.folder / PageName(type_name), page), page);
      EXPECT_NE(example, "") << type_name << " has no example";
      EXPECT_THAT(DocProblems(source->schema()), ::testing::IsEmpty()) << type_name;
      EXPECT_THAT(schema::CheckSchema(source->schema()), ::testing::IsEmpty()) << type_name;
    }
  }
}

TEST(Docs, PageOfEachFunctionIsWhatItSays) {
  for (const resources::Function& function : resources::Functions()) {
    const std::string example = Content(kRoot / "examples/functions" / function.name / "function.tf");
    const std::string page = RenderFunctionPage(function, {.example = example});

    EXPECT_EQ(Stored(kRoot / "docs/functions" / (function.name + ".md"), page), page);
    EXPECT_NE(example, "") << function.name << " has no example";
  }
}

// As the registry and GitHub make them of headings: lower case, dashes for spaces, letters, digits and dashes alone.
std::set<std::string> Anchors(const std::string& page) {
  std::set<std::string> anchors;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("#")) continue;
    std::string anchor;
    for (const char c : base::ToLower(line.substr(std::min(line.find(' ') + 1, line.size())))) {
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_') anchor.push_back(c);
      if (c == ' ') anchor.push_back('-');
    }
    anchors.insert(anchor);
  }
  return anchors;
}

TEST(Docs, EachLinkLeadsSomewhere) {
  static const std::regex link(R"(\]\(([\w./-]+\.md)(?:#([^)]*))?\))");
  for (const auto& file : std::filesystem::recursive_directory_iterator(kRoot / "docs")) {
    if (file.path().extension() != ".md") continue;
    const std::string page = Content(file.path());
    for (auto at = std::sregex_iterator(page.begin(), page.end(), link); at != std::sregex_iterator(); ++at) {
      const std::string target = Content(file.path().parent_path() / (*at)[1].str());

      EXPECT_NE(target, "") << file.path() << " links to " << (*at)[1] << ", which is not there";
      EXPECT_TRUE(!(*at)[2].matched || Anchors(target).contains((*at)[2])) << file.path() << ": no heading for " << at->str();
    }
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
