// SPDX-License-Identifier: MPL-2.0
// What a vendor over engine/dns/replaced_sets.h must do besides the contracts: its sets are replaced without a condition, so a
// second writer can overwrite them. `Bench` is a TokenDnsBench.
#pragma once

#include "tests/contract/token_dns_bench.h"

namespace tests {

template <typename Bench>
class ReplacedSetsContract : public TokenDnsTest<Bench> {};

TYPED_TEST_SUITE_P(ReplacedSetsContract);

TYPED_TEST_P(ReplacedSetsContract, AValueThatAnotherClientOverwroteIsWrittenAgainBeforeTheCaLooks) {
  const auto connection = this->bench_.good();
  const auto provider = *engine::vendors::FindDnsProvider(connection.kind)
                             ->make(connection, {.http = this->bench_.http(), .random = &base::SystemRandom()});
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = this->name_, .value = "ours"}};
  ASSERT_TRUE(provider->Place(this->clock_.Call(), this->by_name_, records, this->placed_));
  this->bench_.api().Overwrite(this->name_, "theirs");

  const auto served = provider->AwaitServed(this->clock_.Call(), this->placed_);

  ASSERT_TRUE(served) << served.error().message;
  EXPECT_EQ(this->bench_.Values(this->name_), (std::vector<std::string>{"ours", "theirs"}));
}

TYPED_TEST_P(ReplacedSetsContract, ASetThatIsThereKeepsItsTtl) {
  this->bench_.AddForeign(this->name_, "foreign");

  const auto result = this->Place(this->by_name_, {{.fqdn = this->name_, .value = "a", .ttl = std::chrono::seconds(1)}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(this->bench_.api().Ttl(this->name_), FakeZoneApi::kForeignTtl);
}

TYPED_TEST_P(ReplacedSetsContract, TheApexIsASetOfTheZone) {
  const auto result = this->Place(this->by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(this->bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TYPED_TEST_P(ReplacedSetsContract, AnIdIsNoZone) {
  const auto result = this->Place({.name = "example.test.", .id = "12345"}, {{.fqdn = this->name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kInvalid);
  EXPECT_TRUE(this->bench_.api().requests().empty());
}

TYPED_TEST_P(ReplacedSetsContract, ATokenThatMayOnlyReadIsToldWhatItNeeds) {
  const auto result = this->Place(this->by_name_, {{.fqdn = this->name_, .value = "a"}}, FakeZoneApi::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("; the token needs "), std::string::npos) << result.error().message;
}

TYPED_TEST_P(ReplacedSetsContract, AResponseWithoutTheListIsAProtocolError) {
  this->bench_.api().FailNext({JsonAnswer(200, base::Json::object())});

  const auto result = this->Place(this->by_name_, {{.fqdn = this->name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kProtocol);
}

REGISTER_TYPED_TEST_SUITE_P(ReplacedSetsContract, AValueThatAnotherClientOverwroteIsWrittenAgainBeforeTheCaLooks,
                            ASetThatIsThereKeepsItsTtl, TheApexIsASetOfTheZone, AnIdIsNoZone,
                            ATokenThatMayOnlyReadIsToldWhatItNeeds, AResponseWithoutTheListIsAProtocolError);

}  // namespace tests
