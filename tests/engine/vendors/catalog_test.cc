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

bool IsUrl(const base::ConfigField& field) { return field.kind == base::FieldKind::kString && field.name.ends_with("_url"); }

TEST(Destinations, TakeNoRegionThatIsPartOfAnotherHost) {
  for (const sync::DestinationSpec& spec : Destinations()) {
    if (base::FindField(spec.fields, "region") == nullptr) continue;
    base::Settings settings(spec.fields);
    settings.Set("region", std::string("attacker.example.com/"));

    EXPECT_TRUE(std::ranges::any_of(spec.validate(settings), [](const auto& one) { return one.field == "region"; })) << spec.kind;
  }
}

// The attack: a Vault token, a PowerDNS key, a webhook's password, or a client secret sent to another machine in plaintext.
TEST(Connections, TakeNoUrlWithoutTlsBeyondThisMachine) {
  for (const connections::ConnectionSpec& spec : Connections()) {
    for (const base::ConfigField& field : spec.fields) {
      if (!IsUrl(field)) continue;
      const auto is_refused = [&](const std::string& url, bool allow_http) {
        connections::Connection connection{.kind = std::string(spec.kind), .id = "c", .settings = base::Settings(spec.fields)};
        connection.settings.Set(field.name, url);
        connection.settings.Set("allow_http", allow_http);
        return std::ranges::any_of(spec.validate(connection), [&](const auto& problem) {
          return problem.field == field.name && problem.message.find("has no TLS") != std::string::npos;
        });
      };

      EXPECT_TRUE(is_refused("http://api.example.com", false)) << spec.kind << '.' << field.name;
      EXPECT_TRUE(is_refused("http://10.0.0.1", false)) << spec.kind << '.' << field.name;
      EXPECT_TRUE(is_refused("http://203.0.113.1", true)) << spec.kind << '.' << field.name;
      EXPECT_FALSE(is_refused("http://10.0.0.1", true)) << spec.kind << '.' << field.name;
      EXPECT_FALSE(is_refused("http://127.0.0.1:8080", false)) << spec.kind << '.' << field.name;
    }
  }
}

TEST(Connections, WithAUrlCanAllowHttp) {
  for (const connections::ConnectionSpec& spec : Connections()) {
    const bool has_url = std::ranges::any_of(spec.fields, IsUrl);

    EXPECT_EQ(base::FindField(spec.fields, "allow_http") != nullptr, has_url) << spec.kind;
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
