// SPDX-License-Identifier: MPL-2.0
// The aws_load_balancer destination against a strict fake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/aws/fake_load_balancer.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"

namespace tests::aws_load_balancer {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using Settings = SettingEntries;
using testing::HasSubstr;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";
constexpr const char* kSyncId = "5c0e";

Connection Connect() {
  Connection connection{
      .kind = "aws",
      .id = "c",
      .settings = ConnectionSettings("aws", {{"endpoint_url", FakeAcm::kUrl}, {"access_key_id", FakeAcm::kKeyId}})};
  Put(connection.settings, "secret_access_key", base::Secret(FakeAcm::kSecret));
  return connection;
}

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("aws_load_balancer"); }

Settings Attaching(const char* listener, bool is_default) {
  return {{"load_balancer_arn", FakeLoadBalancer::kArn},
          {"listeners.0.listener_arn", listener},
          {"listeners.0.default", is_default ? "true" : "false"}};
}

std::unique_ptr<Destination> Make(FakeLoadBalancer& balancer, const Settings& settings, const char* sync_id = kSyncId) {
  const Connection connection = Connect();
  return MakeTestDestination("aws_load_balancer", {.settings = DestinationSettings("aws_load_balancer", settings),
                                                   .connection = &connection,
                                                   .deps = {.http = &balancer},
                                                   .sync_id = sync_id});
}

std::string AddForeign(FakeLoadBalancer& balancer, const std::string& name) {
  const Bundle other = MakeTestBundle(kId);
  return balancer.Add({.leaf_pem = other.chain.front().pem,
                       .chain_pem = other.chain.at(1).pem,
                       .key_type = "EC_prime256v1",
                       .tags = {{"Name", name}}});
}

// As the default, which is the harder case.
class LoadBalancerHarness final : public ApiDestinationHarness {
 public:
  LoadBalancerHarness() { balancer_.SetUp(former_ = AddForeign(balancer_, "former")); }
  Destination& destination() override {
    destination_ = Make(balancer_, Attaching(FakeLoadBalancer::kListener, true));
    return *destination_;
  }
  // The former default stays in the list: its names are served on.
  std::string Snapshot() override {
    const auto [default_arn, list] = balancer_.At(FakeLoadBalancer::kListener);
    return base::Cat(balancer_.Snapshot(), default_arn, list.size() > 1 ? base::Join(list, ",") : "");
  }
  void ReplaceCertificate(const Deployed& deployed) override {
    const Bundle other = MakeTestBundle(kId);
    balancer_.Overwrite(deployed.external_id, other.chain.front().pem, other.chain.at(1).pem);
  }
  // ACM lets nobody take what is in use.
  void TakeAway(const Deployed& deployed) override {
    balancer_.SetUp(former_);
    balancer_.Erase(deployed.external_id);
  }
  void DamageBesideLeaf(const Deployed& deployed) override {
    auto there = balancer_.At(FakeLoadBalancer::kListener);
    there.list.erase(deployed.external_id);
    balancer_.Set(FakeLoadBalancer::kListener, there);
  }
  void PlaceForeign(const std::string& name) override {
    foreign_ = AddForeign(balancer_, name);
    before_ = balancer_.Get(foreign_).leaf_pem;
  }
  bool ForeignIsIntact() override { return balancer_.Get(foreign_).leaf_pem == before_; }
  void BreakNextPut(const std::string&) override { balancer_.DenyNext("DescribeListenerCertificates"); }
  void Mend() override { balancer_.DenyNext(""); }
  FakeApi& api() override { return balancer_; }
  base::http::Response Throttled() override {
    return JsonAnswer(400, {{"__type", "ThrottlingException"}, {"message", "Rate exceeded"}});
  }

 private:
  FakeLoadBalancer balancer_;
  std::unique_ptr<Destination> destination_;
  std::string former_;
  std::string foreign_;
  std::string before_;
};

INSTANTIATE_TEST_SUITE_P(AwsLoadBalancer, DestinationContract, testing::Values(MakeHarness<LoadBalancerHarness>));
INSTANTIATE_TEST_SUITE_P(AwsLoadBalancer, ApiDestinationContract, testing::Values(MakeHarness<LoadBalancerHarness>));

class AwsLoadBalancer : public DestinationTest {
 protected:
  AwsLoadBalancer() { balancer_.SetUp(former_); }

  Deployed Put(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::Put(*destination_, "web", bundle, previous);
  }

  bool IsAsSet(const Deployed& known) {
    const auto seen = destination_->Observe(clock_.Call(), known);
    return (*seen)->parts == known.parts;
  }

  void Use(const Settings& settings) { destination_ = Make(balancer_, settings); }
  FakeLoadBalancer::Certificates At(const char* listener) { return balancer_.At(listener); }

  static constexpr const char* kListener = FakeLoadBalancer::kListener;
  static constexpr const char* kOther = FakeLoadBalancer::kOther;
  FakeLoadBalancer balancer_;
  std::string former_ = AddForeign(balancer_, "former");
  std::unique_ptr<Destination> destination_ = Make(balancer_, Attaching(kListener, false));
};

TEST_F(AwsLoadBalancer, AttachesBesideTheDefault) {
  const Deployed now = Put(MakeTestBundle(kId));

  EXPECT_EQ(At(kListener).default_arn, former_);
  EXPECT_EQ(At(kListener).list, std::set<std::string>{now.external_id});
  EXPECT_TRUE(At(kOther).list.empty());
  EXPECT_TRUE(IsAsSet(now));
}

TEST_F(AwsLoadBalancer, TheFormerDefaultIsServedOnAndComesBack) {
  Use(Attaching(kListener, true));

  const Deployed now = Put(MakeTestBundle(kId));

  EXPECT_EQ(At(kListener).default_arn, now.external_id);
  EXPECT_EQ(At(kListener).list, (std::set<std::string>{now.external_id, former_}));
  EXPECT_TRUE(destination_->Remove(clock_.Call(), now));
  EXPECT_EQ(At(kListener).default_arn, former_);
  EXPECT_EQ(At(kListener).list, std::set<std::string>{former_});
}

TEST_F(AwsLoadBalancer, ARenewalTouchesNoListener) {
  const Deployed first = Put(MakeTestBundle(kId));
  const std::string before = balancer_.ListenerSnapshot();

  const Deployed second = Put(MakeTestBundle(kId), first);

  EXPECT_EQ(second.external_id, first.external_id);
  EXPECT_EQ(balancer_.ListenerSnapshot(), before);
  EXPECT_EQ(balancer_.CountActions("AddListenerCertificates"), 1U);
}

TEST_F(AwsLoadBalancer, AnotherKindOfKeyTakesTheOldOnesPlaceAndItsNote) {
  Use(Attaching(kListener, true));
  const auto key = base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP384);
  const TestCertificate leaf =
      MakeTestCertificate({.common_name = "a.test", .dns_names = {"a.test"}, .issuer = &TestIssuer(), .key = *key});
  const Deployed first = Put(MakeTestBundle(kId));

  const Deployed second = Put(*engine::sync::MakeBundle(kId, leaf.pem + TestIssuer().pem, key->ToPem()), first);
  EXPECT_EQ(At(kListener).default_arn, first.external_id) << "until the old one goes";
  EXPECT_TRUE(destination_->Remove(clock_.Call(), first));

  EXPECT_EQ(At(kListener).default_arn, second.external_id);
  EXPECT_EQ(At(kListener).list, (std::set<std::string>{second.external_id, former_}));
  EXPECT_TRUE(IsAsSet(second));
  EXPECT_TRUE(destination_->Remove(clock_.Call(), second));
  EXPECT_EQ(At(kListener).default_arn, former_);
}

TEST_F(AwsLoadBalancer, ADefaultWithoutAnOtherIsNotTakenAway) {
  const Deployed now = Put(MakeTestBundle(kId));
  balancer_.Set(kListener, {.default_arn = now.external_id, .list = {now.external_id}});  // by the user
  EXPECT_TRUE(IsAsSet(now));
  const std::string before = balancer_.ListenerSnapshot();

  const auto removed = destination_->Remove(clock_.Call(), now);

  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, ErrorKind::kConflict);
  EXPECT_THAT(removed.error().message, HasSubstr("give the listener another default"));
  EXPECT_EQ(balancer_.ListenerSnapshot(), before);
}

TEST_F(AwsLoadBalancer, AListenerThatIsGoneKeepsNothingFromRemoval) {
  const Deployed now = Put(MakeTestBundle(kId));
  balancer_.DeleteListener(kListener);

  EXPECT_TRUE(destination_->Remove(clock_.Call(), now));
  EXPECT_EQ(balancer_.CountActions("DeleteCertificate"), 1U);
}

TEST_F(AwsLoadBalancer, OtherListenersAreAttachedBeforeTheFormerIsDetached) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed first = Put(bundle);
  Use(Attaching(kOther, false));
  EXPECT_FALSE(IsAsSet(first));

  const Deployed second = Put(bundle, first);

  EXPECT_TRUE(At(kListener).list.empty());
  EXPECT_EQ(At(kOther).list, std::set<std::string>{second.external_id});
  EXPECT_EQ(balancer_.CountActions("ImportCertificate"), 1U);
  EXPECT_TRUE(IsAsSet(second));
}

TEST_F(AwsLoadBalancer, ADefaultThatIsWantedNoMoreIsGivenBack) {
  const Bundle bundle = MakeTestBundle(kId);
  Use(Attaching(kListener, true));
  const Deployed first = Put(bundle);
  Use(Attaching(kListener, false));
  EXPECT_FALSE(IsAsSet(first));

  const Deployed second = Put(bundle, first);

  EXPECT_EQ(At(kListener).default_arn, former_);
  EXPECT_TRUE(IsAsSet(second));
}

TEST_F(AwsLoadBalancer, WhatSomebodyDetachedIsSeenAndAttachedAgain) {
  Use(Attaching(kListener, true));
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed now = Put(bundle);
  balancer_.Set(kListener, {.default_arn = former_, .list = {}});
  Use(Attaching(kListener, true));
  EXPECT_FALSE(IsAsSet(now));

  Put(bundle, now);

  EXPECT_EQ(At(kListener).default_arn, now.external_id);
  EXPECT_TRUE(IsAsSet(now));
}

TEST_F(AwsLoadBalancer, WhatCouldNotBeAttachedIsSeenAndAttachedByTheNextRun) {
  const Bundle bundle = MakeTestBundle(kId);
  balancer_.DenyNext("AddListenerCertificates");
  std::optional<Deployed> now;
  ASSERT_FALSE(destination_->Put(clock_.Call(), "web", bundle, std::nullopt, now));
  ASSERT_TRUE(now);
  EXPECT_TRUE(now->unfinished);

  const Deployed repaired = Put(bundle, now);

  EXPECT_EQ(balancer_.CountActions("ImportCertificate"), 1U);
  EXPECT_TRUE(IsAsSet(repaired));
}

TEST_F(AwsLoadBalancer, ManyUnchangedCertificatesAskEachListenerOnce) {
  std::vector<Deployed> all;
  for (char i = '0'; i < '5'; ++i) all.push_back(Put(MakeTestBundle(std::string(32, i))));
  const std::size_t before = balancer_.CountActions("DescribeListenerCertificates");
  Use(Attaching(kListener, false));

  for (const Deployed& one : all) EXPECT_TRUE(IsAsSet(one));

  EXPECT_EQ(balancer_.CountActions("DescribeListenerCertificates") - before, 1U);
}

TEST(AwsLoadBalancerSpec, RefusesWhatCannotWork) {
  struct Case {
    Settings change;
    const char* field;
  };
  for (const Case& one :
       {Case{{{"region", "us-east-1"}}, "region"}, Case{{{"load_balancer_arn", "web"}}, "load_balancer_arn"},
        Case{{{"listeners.0.listener_arn", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/mail/1/2"}},
             "listeners.0.listener_arn"},
        Case{{{"listeners.1.listener_arn", FakeLoadBalancer::kListener}}, "listeners.1.listener_arn"},
        Case{{{"tags", "Name=x"}}, "tags"}}) {
    Settings settings = Attaching(FakeLoadBalancer::kListener, false);
    for (const auto& [name, value] : one.change) settings[name] = value;
    const auto problems = Spec().validate(DestinationSettings("aws_load_balancer", settings));
    ASSERT_EQ(problems.size(), 1U) << one.field;
    EXPECT_EQ(problems[0].field, one.field);
  }
  EXPECT_TRUE(Spec().validate(DestinationSettings("aws_load_balancer", Attaching(FakeLoadBalancer::kListener, true))).empty());
}

}  // namespace
}  // namespace tests::aws_load_balancer
