// SPDX-License-Identifier: MPL-2.0
// Every line of a .def list has its source, its guide and its test, and every such file has its line.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "tests/support/source_tree.h"

namespace {

struct ExtensionPoint {
  const char* list;    // the .def file
  const char* marker;  // the namespace of an extension's source, before its name
  const char* guide;   // the guide's name before the extension's; null: the guides of what works with it tell
};

constexpr std::array kExtensionPoints = {
    ExtensionPoint{"engine/connections/connections.def", "kinds::", nullptr},
    ExtensionPoint{"engine/dns/providers.def", "providers::", "dns-"},
    ExtensionPoint{"engine/sync/destinations.def", "destinations::", "sync-"},
};

const std::vector<testing_support::SourceFile>& VendorFiles() {
  static const auto files = testing_support::SourceFiles("engine/vendors");
  return files;
}

bool HasSpec(const testing_support::SourceFile& file) {
  return std::ranges::any_of(file.lines, [](const std::string& line) { return line.find("Spec kSpec{") != std::string::npos; });
}

// What the extensions of the sources are called, with their sources.
std::map<std::string, std::string> Sources(const ExtensionPoint& point) {
  const std::regex place(base::Cat("namespace .*", point.marker, "([a-z0-9_]+) \\{"));
  std::map<std::string, std::string> sources;
  for (const auto& file : VendorFiles()) {
    if (!HasSpec(file)) continue;
    for (const std::string& line : file.lines) {
      std::smatch name;
      if (std::regex_match(line, name, place)) sources[name[1]] = file.path;
    }
  }
  return sources;
}

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
  const std::string list = point.param.list;
  const std::size_t start = list.rfind('/') + 1;
  return list.substr(start, list.size() - start - std::string_view(".def").size());
});

TEST_P(ExtensionPoints, EveryLineHasItsFiles) {
  const ExtensionPoint& point = GetParam();

  const std::vector<std::string> names = Listed(point);
  auto sources = Sources(point);

  EXPECT_FALSE(names.empty()) << point.list;
  EXPECT_TRUE(std::ranges::is_sorted(names)) << point.list;
  for (const std::string& name : names) {
    const std::string source = sources[name];
    EXPECT_NE(source, "") << name;
    EXPECT_TRUE(testing_support::Exists(base::Cat("tests/", source.substr(0, source.rfind('.')), "_test.cc"))) << name;
    if (point.guide == nullptr) continue;
    EXPECT_TRUE(testing_support::Exists(base::Cat("docs/guides/", point.guide, name, ".md"))) << point.guide << name;
  }
}

TEST_P(ExtensionPoints, EverySourceHasItsLine) {
  const std::vector<std::string> names = Listed(GetParam());

  for (const auto& [name, source] : Sources(GetParam())) {
    EXPECT_TRUE(std::ranges::find(names, name) != names.end()) << source << " has no line in " << GetParam().list;
  }
}

// An acme-dns account is one name with two values and no removal: the contract does not fit it.
TEST(DnsProviders, EachPassesTheContract) {
  auto sources = Sources(kExtensionPoints[1]);
  sources.erase("acme_dns");

  for (const auto& file : testing_support::SourceFiles("tests/engine/vendors")) {
    const auto passes = [](const std::string& line) {
      return line.starts_with("INSTANTIATE_TYPED_TEST_SUITE_P(") && line.find(", DnsProviderContract, ") != std::string::npos;
    };
    if (!std::ranges::any_of(file.lines, passes)) continue;
    std::erase_if(sources, [&](const auto& one) {
      return file.path == base::Cat("tests/", one.second.substr(0, one.second.rfind('.')), "_test.cc");
    });
  }

  EXPECT_EQ(sources, (std::map<std::string, std::string>{}));
}

}  // namespace
