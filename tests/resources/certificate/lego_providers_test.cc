// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/lego_providers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace resources::certificate {
namespace {

using engine::vendors::NamedVendor;
using engine::vendors::Vendors;

const LegoProvider* FindProvider(std::string_view name) {
  const auto found = std::ranges::find(LegoProviders(), name, &LegoProvider::name);
  return found == LegoProviders().end() ? nullptr : &*found;
}

// The field at a path, "assume_role.role_arn".
bool HasField(std::span<const base::ConfigField> fields, std::string_view path) {
  const std::size_t dot = path.find('.');
  const base::ConfigField* field = base::FindField(fields, path.substr(0, dot));
  if (field == nullptr || dot == std::string_view::npos) return field != nullptr;
  return HasField(field->members.span(), path.substr(dot + 1));
}

TEST(LegoProviders, AreSortedAndNamedOnce) {
  EXPECT_EQ(LegoProviders().size(), 195U);
  EXPECT_TRUE(std::ranges::is_sorted(LegoProviders(), std::less_equal{}, &LegoProvider::name));
}

TEST(LegoProviders, WhatAVendorSaysOfLegoExists) {
  for (const NamedVendor& one : Vendors()) {
    for (const std::string_view name : one.vendor.lego.names) {
      EXPECT_NE(FindProvider(name), nullptr) << one.name << ": lego has no provider " << name;
      EXPECT_EQ(FindVendorOfLego(name)->name, one.name) << "two vendors say that they are lego's " << name;
    }
    for (const auto& [variable, field] : one.vendor.lego.variables) {
      EXPECT_TRUE(HasField(one.vendor.connection->fields, field)) << one.name << " has no field " << field;
    }
  }
}

// Or the guide would go on sending its users to a bridge.
TEST(LegoProviders, AVendorThatLegoKnowsByTheSameNameSaysSo) {
  for (const NamedVendor& one : Vendors()) {
    std::string name(one.name);
    std::erase(name, '_');
    const bool is_known = one.vendor.dns && FindProvider(name) != nullptr;
    EXPECT_EQ(is_known && FindVendorOfLego(name) == nullptr, false) << one.name;
  }
}

TEST(DescribeReplacement, NamesTheConnectionAndItsArguments) {
  EXPECT_EQ(DescribeReplacement("pdns"),
            "`certwright_app_connection_powerdns`; `PDNS_API_URL` is `endpoint_url`, `PDNS_API_KEY` is `api_key`, "
            "`PDNS_SERVER_NAME` is `server_id`");
  EXPECT_THAT(DescribeReplacement("azure"), ::testing::StartsWith("`certwright_app_connection_azure`; "));
}

TEST(DescribeReplacement, PointsToTheBridgesThatKnowTheService) {
  EXPECT_EQ(DescribeReplacement("luadns"),
            "`bridge:lexicon` with `LEXICON_PROVIDER = \"luadns\"`, or `bridge:acme.sh` with `ACME_SH_DNSAPI = \"dns_lua\"`");
  EXPECT_EQ(DescribeReplacement("loopia"), "`bridge:acme.sh` with `ACME_SH_DNSAPI = \"dns_loopia\"`");
}

TEST(DescribeReplacement, PointsToAProgramOrWebhookWhereNoBridgeHelps) {
  EXPECT_EQ(DescribeReplacement("checkdomain"), "a program or webhook of your own");
  EXPECT_EQ(DescribeReplacement("no-such-provider"), "a program or webhook of your own");
  EXPECT_EQ(DescribeReplacement(*FindProvider("checkdomain"), ""),
            "a [program](dns-exec.md) or [webhook](dns-webhook.md) of your own");
}

}  // namespace
}  // namespace resources::certificate
