// SPDX-License-Identifier: MPL-2.0
// Every line of vendors.def has its folder, every folder its line, and every part of a vendor its source, its test and its guide.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "tests/support/source_tree.h"

namespace {

using base::Cat;
using engine::vendors::NamedVendor;

// The source of a part, "dns" or "certificate_manager", and its test.
void ExpectSourceAndTest(const NamedVendor& vendor, std::string_view part) {
  const std::string stem = Cat("engine/vendors/", vendor.name, "/", part);

  EXPECT_TRUE(testing_support::Exists(stem + ".cc")) << stem << ".cc";
  EXPECT_TRUE(testing_support::Exists(Cat("tests/", stem, "_test.cc"))) << "tests/" << stem << "_test.cc";
}

void ExpectGuide(std::string_view name) {
  EXPECT_TRUE(testing_support::Exists(Cat("docs/guides/", name, ".md"))) << "docs/guides/" << name << ".md";
}

// The folder says whose it is: "aws_certificate_manager" is certificate_manager.cc of aws, "local_files" the same of files, and
// "exec" destination.cc of exec.
std::string_view FileOf(const NamedVendor& vendor, std::string_view destination) {
  if (destination == vendor.name) return "destination";
  const std::string prefix = Cat(vendor.name, "_");
  return destination.starts_with(prefix) ? destination.substr(prefix.size()) : destination;
}

TEST(Vendors, LinesAreInAlphabeticalOrder) {
  EXPECT_FALSE(engine::vendors::Vendors().empty());
  EXPECT_TRUE(std::ranges::is_sorted(engine::vendors::Vendors(), {}, &NamedVendor::name));
}

TEST(Vendors, EveryFolderHasItsLine) {
  static const std::regex source("engine/vendors/([a-z0-9_]+)/.*");
  std::set<std::string, std::less<>> folders;
  for (const auto& file : testing_support::SourceFiles("engine/vendors")) {
    std::smatch folder;
    if (std::regex_match(file.path, folder, source)) folders.insert(folder[1]);
  }

  for (const NamedVendor& vendor : engine::vendors::Vendors())
    EXPECT_EQ(folders.erase(std::string(vendor.name)), 1U) << vendor.name;

  EXPECT_EQ(folders, (std::set<std::string, std::less<>>{})) << "have no line in engine/vendors/vendors.def";
}

TEST(Vendors, EveryConnectionHasItsSourceAndTest) {
  for (const NamedVendor& one : engine::vendors::Vendors()) {
    if (one.vendor.connection) ExpectSourceAndTest(one, "connection");
  }
}

TEST(Vendors, EveryDnsProviderHasItsSourceTestAndGuide) {
  for (const NamedVendor& one : engine::vendors::Vendors()) {
    if (!one.vendor.dns) continue;
    ExpectSourceAndTest(one, "dns");
    ExpectGuide(Cat("dns-", one.vendor.dns->name));
  }
}

TEST(Vendors, EveryDestinationHasItsSourceTestAndGuide) {
  for (const NamedVendor& one : engine::vendors::Vendors()) {
    for (const auto& destination : one.vendor.destinations) {
      ExpectSourceAndTest(one, FileOf(one, destination.kind));
      ExpectGuide(Cat("sync-", destination.kind));
    }
  }
}

// A part that MakeVendor() forgets would be in no table.
TEST(Vendors, EveryPartOfASourceIsOffered) {
  static const std::regex part("(const|constexpr) (\\w+::)?(ConnectionSpec|ProviderSpec|DestinationSpec) k[A-Za-z0-9]+\\{.*");
  for (const NamedVendor& one : engine::vendors::Vendors()) {
    const engine::vendors::Vendor& vendor = one.vendor;
    const std::size_t offered = (vendor.connection ? 1U : 0U) + (vendor.dns ? 1U : 0U) + vendor.destinations.size();
    std::size_t defined = 0;
    for (const auto& file : testing_support::SourceFiles(Cat("engine/vendors/", one.name))) {
      defined += static_cast<std::size_t>(
          std::ranges::count_if(file.lines, [](const std::string& line) { return std::regex_match(line, part); }));
    }

    EXPECT_EQ(offered, defined) << one.name;
  }
}

// An acme-dns account is one name with two values and no removal: the contract does not fit it.
TEST(DnsProviders, EachPassesTheContract) {
  std::set<std::string, std::less<>> missing;
  for (const NamedVendor& one : engine::vendors::Vendors()) {
    if (one.vendor.dns && one.name != "acme_dns") missing.insert(Cat("tests/engine/vendors/", one.name, "/dns_test.cc"));
  }

  for (const auto& file : testing_support::SourceFiles("tests/engine/vendors")) {
    const auto passes = [](const std::string& line) {
      return line.starts_with("INSTANTIATE_TYPED_TEST_SUITE_P(") && line.find(", DnsProviderContract, ") != std::string::npos;
    };
    if (std::ranges::any_of(file.lines, passes)) missing.erase(file.path);
  }

  EXPECT_EQ(missing, (std::set<std::string, std::less<>>{}));
}

}  // namespace
