// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace engine::vendors {
namespace {

TEST(Vendors, EachOffersSomething) {
  for (const NamedVendor& one : Vendors()) {
    const Vendor& vendor = one.vendor;

    EXPECT_TRUE(vendor.connection || vendor.dns || !vendor.destinations.empty()) << one.name;
  }
}

TEST(Connections, AreCompleteAndInOrder) {
  EXPECT_TRUE(std::ranges::is_sorted(Connections(), std::ranges::less_equal{}, &connections::ConnectionSpec::kind));
  for (const connections::ConnectionSpec& spec : Connections()) {
    EXPECT_FALSE(spec.title.empty()) << spec.kind;
    EXPECT_FALSE(spec.doc.empty()) << spec.kind;
  }
}

TEST(FindConnection, FindsByKind) {
  ASSERT_NE(FindConnection("google_cloud"), nullptr);
  EXPECT_EQ(FindConnection("google_cloud")->kind, "google_cloud");
  EXPECT_EQ(FindConnection("no_such"), nullptr);
}

TEST(DnsProviders, EachHasItsConnection) {
  EXPECT_TRUE(std::ranges::is_sorted(DnsProviders(), {}, &dns::ProviderSpec::connection));
  for (const dns::ProviderSpec& spec : DnsProviders()) {
    EXPECT_NE(FindConnection(spec.connection), nullptr) << spec.name;
    EXPECT_NE(spec.make, nullptr) << spec.name;
  }
}

TEST(FindDnsProvider, FindsByTheConnectionsKind) {
  ASSERT_NE(FindDnsProvider("aws"), nullptr);
  EXPECT_EQ(FindDnsProvider("aws")->name, "route53");
  EXPECT_EQ(FindDnsProvider("kubernetes"), nullptr);
}

TEST(Destinations, AreCompleteAndDiffer) {
  EXPECT_TRUE(std::ranges::is_sorted(Destinations(), {}, &sync::DestinationSpec::kind));
  std::set<std::string_view> kinds;
  for (const sync::DestinationSpec& spec : Destinations()) {
    EXPECT_TRUE(kinds.insert(spec.kind).second) << spec.kind;
    EXPECT_FALSE(spec.title.empty()) << spec.kind;
    EXPECT_FALSE(spec.doc.empty()) << spec.kind;
    EXPECT_NE(spec.make, nullptr) << spec.kind;
    for (const base::ConfigField& field : spec.fields) EXPECT_FALSE(field.doc.empty()) << spec.kind << '.' << field.name;
  }
  EXPECT_FALSE(kinds.empty());
}

TEST(FindDestination, FindsByKind) {
  ASSERT_NE(FindDestination("local_files"), nullptr);
  EXPECT_EQ(FindDestination("local_files")->kind, "local_files");
  EXPECT_EQ(FindDestination("Local_files"), nullptr);
}

}  // namespace
}  // namespace engine::vendors
