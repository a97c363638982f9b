// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/dns_persist.h"

#include <gtest/gtest.h>

#include <array>

namespace resources::external_ca {
namespace {

using schema::cty::Type;
using schema::cty::Value;

// Of draft-ietf-acme-dns-persist-02 section 10.2.
engine::acme::PersistentIssuer ExampleIssuer() {
  return {.domain_names = {"authority.example"},
          .account_url = "https://ca.example/acct/123",
          .account_hash_prefix = "https://ca.example/account-hash/",
          .key_thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"};
}

base::Result<Value> CallRecord(const engine::acme::PersistentIssuer& issuer, const char* name, Value until) {
  const std::array arguments = {DnsPersistModel::Schema().Write(ToModel(issuer)), Value::String(name), std::move(until)};
  return DnsPersistRecord().call(arguments);
}

TEST(DnsPersistRecord, IsThatOfTheDraft) {
  const auto record = CallRecord(ExampleIssuer(), "example.com", Value::Null(Type::String()));

  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->Get("name"), Value::String("_validation-persist.example.com"));
  EXPECT_EQ(record->Get("value"), Value::String("authority.example; accounturi=https://ca.example/account-hash/sha-256/"
                                                "5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw"));
}

TEST(DnsPersistRecord, TakesWildcardsInternationalNamesAndAnEnd) {
  auto issuer = ExampleIssuer();
  issuer.account_hash_prefix.clear();

  const auto record = CallRecord(issuer, "*.bücher.example", Value::String("2026-01-01T00:00:00Z"));

  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->Get("name"), Value::String("_validation-persist.xn--bcher-kva.example"));
  EXPECT_EQ(record->Get("value"), Value::String("authority.example; accounturi=https://ca.example/acct/123; policy=wildcard; "
                                                "persistUntil=1767225600"));
}

TEST(DnsPersistRecord, RefusesWhatGivesNoRecord) {
  auto nameless = ExampleIssuer();
  nameless.domain_names.clear();

  EXPECT_FALSE(CallRecord(nameless, "example.com", Value::Null(Type::String())));
  EXPECT_FALSE(CallRecord(ExampleIssuer(), "not a name", Value::Null(Type::String())));
  EXPECT_FALSE(CallRecord(ExampleIssuer(), "example.com", Value::String("tomorrow")));
}

TEST(ToModel, HasNoValueForACaWithoutNames) {
  auto nameless = ExampleIssuer();
  nameless.domain_names.clear();

  EXPECT_TRUE(ToModel(nameless).value.is_null());
  EXPECT_EQ(ToModel(ExampleIssuer()).value.OrEmpty(),
            "authority.example; accounturi=https://ca.example/account-hash/sha-256/NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug");
}

}  // namespace
}  // namespace resources::external_ca
