// SPDX-License-Identifier: MPL-2.0
// Every line of a .def list has its source, its guide and its test, and every such file has its line.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <vector>

#include "base/text.h"
#include "tests/support/source_tree.h"

namespace {

struct ExtensionPoint {
  const char* list;     // the .def file
  const char* folder;   // its sources, one a line of the list
  const char* catalog;  // a file of the folder that is no extension; "" for none
  const char* guide;    // the guide's name before the extension's; null: the guides of what works with it tell
};

constexpr std::array kExtensionPoints = {
    ExtensionPoint{"engine/connections/connections.def", "engine/connections", "catalog", nullptr},
    ExtensionPoint{"engine/dns/providers.def", "engine/dns/providers", "", "dns-"},
    ExtensionPoint{"engine/sync/destinations.def", "engine/sync/destinations", "", "sync-"},
};

std::vector<std::string> Listed(const ExtensionPoint& point) {
  static const std::regex entry("^[A-Z_]+\\(([a-z0-9_]+)\\)$");
  std::vector<std::string> names;
  const std::string folder = std::string(point.list).substr(0, std::string(point.list).rfind('/'));
  for (const auto& file : testing_support::SourceFiles(folder)) {
    if (file.path != point.list) continue;
    for (const std::string& line : file.lines) {
      std::smatch found;
      if (std::regex_match(line, found, entry)) names.push_back(found[1]);
    }
  }
  return names;
}

class ExtensionPoints : public testing::TestWithParam<ExtensionPoint> {};

INSTANTIATE_TEST_SUITE_P(All, ExtensionPoints, testing::ValuesIn(kExtensionPoints), [](const auto& point) {
  const std::string folder = point.param.folder;
  return folder.substr(folder.rfind('/') + 1);
});

TEST_P(ExtensionPoints, EveryLineHasItsFiles) {
  const ExtensionPoint& point = GetParam();

  const std::vector<std::string> names = Listed(point);

  EXPECT_FALSE(names.empty()) << point.list;
  EXPECT_TRUE(std::ranges::is_sorted(names)) << point.list;
  for (const std::string& name : names) {
    EXPECT_TRUE(testing_support::Exists(base::Cat(point.folder, "/", name, ".cc"))) << name;
    EXPECT_TRUE(testing_support::Exists(base::Cat("tests/", point.folder, "/", name, "_test.cc"))) << name;
    if (point.guide == nullptr) continue;
    EXPECT_TRUE(testing_support::Exists(base::Cat("docs/guides/", point.guide, name, ".md"))) << point.guide << name;
  }
}

TEST_P(ExtensionPoints, EverySourceHasItsLine) {
  const ExtensionPoint& point = GetParam();
  const std::vector<std::string> names = Listed(point);
  const std::regex source(base::Cat(point.folder, "/([a-z0-9_]+)\\.cc"));

  for (const auto& file : testing_support::SourceFiles(point.folder)) {
    std::smatch name;
    if (!std::regex_match(file.path, name, source) || name[1] == point.catalog) continue;
    // local_files_layout.cc is a part of local_files.
    const std::string stem = name[1];
    const auto belongs = [&](const std::string& one) { return stem == one || stem.starts_with(base::Cat(one, "_")); };
    EXPECT_TRUE(std::ranges::any_of(names, belongs)) << file.path << " has no line in " << point.list;
  }
}

// An acme-dns account is one name with two values and no removal: the contract does not fit it.
TEST(DnsProviders, EachPassesTheContract) {
  const ExtensionPoint& point = kExtensionPoints[1];
  std::vector<std::string> names = Listed(point);
  std::erase(names, "acme_dns");

  for (const auto& file : testing_support::SourceFiles(base::Cat("tests/", point.folder))) {
    const auto passes = [](const std::string& line) {
      return line.starts_with("INSTANTIATE_TYPED_TEST_SUITE_P(") && line.find(", DnsProviderContract, ") != std::string::npos;
    };
    if (!std::ranges::any_of(file.lines, passes)) continue;
    std::erase_if(names, [&](const std::string& name) { return file.path.ends_with(base::Cat("/", name, "_test.cc")); });
  }

  EXPECT_EQ(names, std::vector<std::string>{});
}

}  // namespace
