// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/validation_outputs.h"

#include "base/text.h"
#include "tests/resources/external_ca/acme_fixture.h"

namespace resources::external_ca {
namespace {

class ValidationOutputsTest : public ExternalCaAcmeTest {};

TEST_F(ValidationOutputsTest, TheValidationChangesInPlaceAndTellsTheAccountsLabel) {
  ExpectApplies(Config(), "action: create\n");
  EXPECT_EQ(Sealed().validation, "");
  EXPECT_TRUE(core_.state().Get("dns_account_label").is_null());

  ExpectApplies(Config({{"validation", Value::String("dns-account-01")}}), "action: update\n");

  EXPECT_EQ(Sealed().validation, "dns-account-01");
  EXPECT_EQ(core_.state().Get("dns_account_label"), Value::String(engine::acme::AccountLabel(AccountUrl())));
}

TEST_F(ValidationOutputsTest, ANewAccountHasItsLabelToo) {
  ExpectApplies(Config({{"validation", Value::String("dns-account-01")}}), "action: create\n");

  EXPECT_EQ(core_.state().Get("dns_account_label"), Value::String(engine::acme::AccountLabel(AccountUrl())));
}

TEST_F(ValidationOutputsTest, TellsWhatRecordsOfDnsPersist01ConsistOf) {
  server_->behaviour.caa_identities = {"ca.example"};

  ExpectApplies(Persistent(), "action: create\n");

  const Value persistent = core_.state().Get("dns_persist");
  EXPECT_EQ(Sealed().validation, "dns-persist-01");
  EXPECT_EQ(persistent.Get("value"), Value::String(base::Cat("ca.example; accounturi=", AccountUrl())));
  EXPECT_EQ(persistent.Get("label"), Value::String("_validation-persist"));
  EXPECT_TRUE(persistent.Get("account_hash_prefix").is_null());
}

// Draft 02: a record has a digest of the account, which changes with its key.
TEST_F(ValidationOutputsTest, TheRecordsFollowTheAccountsKeyWhereTheyHaveItsDigest) {
  server_->behaviour.issuer_domain_names = {"ca.example"};
  server_->behaviour.account_hash_prefix = "https://acme.test/hash/";
  ExpectApplies(Persistent(), "action: create\n");
  const Value first = core_.state().Get("dns_persist");

  ExpectApplies(Persistent({{"account_key_version", Number(2)}}), "action: update\n");

  const Value second = core_.state().Get("dns_persist");
  EXPECT_EQ(second.Get("account_hash_prefix"), Value::String("https://acme.test/hash/"));
  EXPECT_EQ(second.Get("account_url"), first.Get("account_url"));
  EXPECT_FALSE(second.Get("value") == first.Get("value"));
}

TEST_F(ValidationOutputsTest, TheValidationChangesToDnsPersist01AndBackInPlace) {
  server_->behaviour.caa_identities = {"ca.example"};
  ExpectApplies(Config(), "action: create\n");
  EXPECT_TRUE(core_.state().Get("dns_persist").is_null());

  ExpectApplies(Persistent(), "action: update\n");
  EXPECT_FALSE(core_.state().Get("dns_persist").is_null());

  ExpectApplies(Config(), "action: update\n");
  EXPECT_TRUE(core_.state().Get("dns_persist").is_null());
}

TEST_F(ValidationOutputsTest, ConnectionsHaveNoUseWithDnsPersist01) {
  ExpectRefused(core_.Plan(Config({{"validation", Value::String("dns-persist-01")}})), "dns", "dns = []");
}

}  // namespace
}  // namespace resources::external_ca
