// SPDX-License-Identifier: MPL-2.0
// Orders that an earlier run left: what is gone on with, and what costs a new order.
#include "base/crypto/csr.h"
#include "engine/acme/order.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

using base::ErrorKind;

class FakeCheckpoints final : public Checkpoints {
 public:
  void OrderPlaced(const base::Call&, const std::string& order_url) override {
    order = order_url;
    is_finalized = was_missing = false;
  }
  void FinalizeBegun(const base::Call&) override { is_finalized = true; }
  void OrderMissing(const base::Call&) override { was_missing = true; }
  void OrderAbandoned(const base::Call&) override {
    order.clear();
    is_finalized = was_missing = false;
  }

  std::string order;
  bool is_finalized = false;
  bool was_missing = false;
};

class IssueResumeTest : public AcmeTest {
 protected:
  IssueResumeTest() : account_(Registered()) {}

  Order Left(const Names& names) {
    auto order = CreateOrder(Call(), client(), account_, {.dns_names = names});
    EXPECT_TRUE(order) << order.error().message;
    return *order;
  }

  base::Result<Issued> Resume(const std::string& url, const Names& names, std::stop_token stop = {}) {
    checkpoints_.order = url;
    return Issue(Call(std::move(stop)), client(), account_,
                 {.dns_names = names,
                  .key = key,
                  .left_order = {url, checkpoints_.is_finalized, checkpoints_.was_missing},
                  .checkpoints = &checkpoints_},
                 solver);
  }

  Account account_;
  FakeCheckpoints checkpoints_;
};

TEST_F(IssueResumeTest, PendingOrderIsGoneOnWith) {
  const auto issued = Resume(Left({"a.test", "*.a.test"}).url, {"*.a.test", "a.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(server->orders(), 1);
  EXPECT_NE(log->text().find("order of an earlier run resumed"), std::string::npos) << log->text();
}

TEST_F(IssueResumeTest, ReadyOrderIsFinalized) {
  server->behaviour.authorization_status = {{"a.test", "valid"}};

  ASSERT_TRUE(Resume(Left({"a.test"}).url, {"a.test"}));

  EXPECT_EQ(server->orders(), 1);
  EXPECT_EQ(solver.places, 0);
}

TEST_F(IssueResumeTest, ProcessingAndValidOrdersAreNotFinalizedAgain) {
  server->behaviour.authorization_status = {{"a.test", "valid"}};
  const Order order = Left({"a.test"});
  const auto csr = base::crypto::MakeCsr(key, {{"a.test"}, {}});
  ASSERT_TRUE(FinalizeOrder(Call(), client(), account_, order, *csr));

  const auto while_processing = Resume(order.url, {"a.test"});
  const auto when_valid = Resume(order.url, {"a.test"});

  ASSERT_TRUE(while_processing) << while_processing.error().message;
  ASSERT_TRUE(when_valid) << when_valid.error().message;
  EXPECT_EQ(while_processing->chain[0].der, when_valid->chain[0].der);
  EXPECT_EQ(server->count(Kind::kFinalize), 1);
  EXPECT_EQ(server->orders(), 1);
}

TEST_F(IssueResumeTest, InvalidOrderCostsANewOne) {
  server->behaviour.authorization_status = {{"a.test", "invalid"}};
  const std::string url = Left({"a.test", "b.test"}).url;
  server->behaviour.authorization_status.clear();

  ASSERT_TRUE(Resume(url, {"a.test", "b.test"}));

  EXPECT_EQ(server->orders(), 2);
  EXPECT_NE(checkpoints_.order, url);
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueResumeTest, AuthorizationThatIsOverCostsANewOrderThoughThisOneIsPending) {
  server->behaviour.order_ignores_failures = true;
  server->behaviour.authorization_status = {{"a.test", "deactivated"}};
  const std::string url = Left({"a.test", "b.test"}).url;
  server->behaviour.authorization_status.clear();

  ASSERT_TRUE(Resume(url, {"a.test", "b.test"}));

  EXPECT_EQ(server->orders(), 2);
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueResumeTest, OrderForOtherNamesIsLeftForANewOne) {
  ASSERT_TRUE(Resume(Left({"other.test"}).url, {"a.test"}));

  EXPECT_EQ(server->orders(), 2);
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueResumeTest, OrderThatTheCaForgotCostsANewOne) {
  ASSERT_TRUE(Resume("https://acme.test/order/none", {"a.test"}));

  EXPECT_EQ(server->orders(), 1);
}

TEST_F(IssueResumeTest, CertificateOfAnotherKeyCostsANewOrder) {
  const auto first = Issue(Call(), client(), account_, {.dns_names = {"a.test"}, .key = key}, solver);
  ASSERT_TRUE(first);
  const std::string url = "https://acme.test/order/" + first->certificate_url.substr(first->certificate_url.rfind('/') + 1);
  key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);

  const auto issued =
      Issue(Call(), client(), account_, {.dns_names = {"a.test"}, .key = key, .left_order = {.url = url}}, solver);

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(server->orders(), 2);
  EXPECT_EQ(server->count(Kind::kCertificate), 3);
}

TEST_F(IssueResumeTest, UnreachableCaCostsNoNewOrder) {
  const std::string url = Left({"a.test"}).url;
  server->Inject({.at = Kind::kOrder, .what = What::kReset, .times = 1000});

  const auto issued = Resume(url, {"a.test"});

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(server->orders(), 1);
  EXPECT_EQ(checkpoints_.order, url);
}

TEST_F(IssueResumeTest, StopAfterTheChallengesLeavesTheOrderToTheNextRun) {
  std::stop_source source;
  server->behaviour.polls_until_ready = 1000;
  server->Before(Kind::kOrder, [&] { source.request_stop(); });
  const auto stopped = Issue(Call(source.get_token()), client(), account_,
                             {.dns_names = {"a.test"}, .key = key, .checkpoints = &checkpoints_}, solver);
  ASSERT_FALSE(stopped);
  server->behaviour.polls_until_ready = 0;
  server->Before(Kind::kOrder, [] {});
  ASSERT_FALSE(checkpoints_.order.empty());

  ASSERT_TRUE(Resume(checkpoints_.order, {"a.test"}));

  EXPECT_EQ(server->orders(), 1);
}

TEST_F(IssueResumeTest, StopBeforeTheChallengesGivesTheOrderUp) {
  std::stop_source source;
  solver.on_wait = [&] { source.request_stop(); };

  ASSERT_FALSE(Issue(Call(source.get_token()), client(), account_,
                     {.dns_names = {"a.test"}, .key = key, .checkpoints = &checkpoints_}, solver));

  EXPECT_EQ(checkpoints_.order, "");
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueResumeTest, AbandonedOrderHasNoPendingAuthorizations) {
  const auto status = AbandonOrder(Call(), client(), account_, Left({"a.test", "b.test"}).url);

  ASSERT_TRUE(status);
  EXPECT_EQ(*status, OrderStatus::kPending);
  EXPECT_TRUE(server->pending_authorizations().empty());
}

}  // namespace
}  // namespace engine::acme
