// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/order_limiter.h"

#include "engine/acme/acme_client.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using Pauses = std::vector<std::chrono::milliseconds>;

const base::SteadyTime kStart{std::chrono::hours(1)};

TEST(OrderPace, StartsTenAtOnceAndThenTwentyFiveASecond) {
  OrderPace pace;
  std::vector<base::SteadyTime> starts;
  for (int i = 0; i < 50; ++i) starts.push_back(pace.Next(kStart));

  EXPECT_EQ(starts[9], kStart);
  EXPECT_EQ(starts[10], kStart + 40ms);
  EXPECT_EQ(starts[49], kStart + 1600ms);
}

TEST(OrderPace, GetsItsBurstBackWithTime) {
  OrderPace pace;
  for (int i = 0; i < 50; ++i) (void)pace.Next(kStart);
  const base::SteadyTime later = kStart + 1min;

  for (int i = 0; i < 10; ++i) EXPECT_EQ(pace.Next(later), later);
  EXPECT_GT(pace.Next(later), later);
}

TEST(OrderPace, HalvesWithEachComplaintDownToOneASecond) {
  OrderPace pace;
  for (int i = 0; i < 10; ++i) (void)pace.Next(kStart);
  pace.SlowDown(kStart);
  pace.SlowDown(kStart + 10ms);  // of the same storm
  EXPECT_EQ(pace.Next(kStart), kStart + 40ms);
  EXPECT_EQ(pace.Next(kStart), kStart + 120ms);

  for (int i = 1; i < 20; ++i) pace.SlowDown(kStart + i * 2s);
  const base::SteadyTime first = pace.Next(kStart);

  EXPECT_EQ(pace.Next(kStart), first + 1s);
}

TEST(OrderLimiter, LetsTheOrdersOfOtherAccountsStart) {
  tests::FakeClock clock;
  OrderLimiter limiter;
  for (int i = 0; i < 11; ++i) EXPECT_TRUE(limiter.AwaitStart(clock.Call(), "https://ca.test/1"));

  EXPECT_TRUE(limiter.AwaitStart(clock.Call(), "https://ca.test/2"));

  EXPECT_EQ(clock.pauses(), (Pauses{40ms}));
}

TEST(OrderLimiter, HoldsBackTheNextOneUntilOneHasEnded) {
  tests::FakeClock clock;
  OrderLimiter limiter;
  std::vector<OrderLimiter::Turn> turns;
  for (int i = 0; i < 256; ++i) turns.push_back(std::move(*limiter.Take(clock.Call(1h), "account")));
  std::stop_source stop;
  stop.request_stop();
  base::Call interrupted = clock.Call();
  interrupted.stop = stop.get_token();

  const auto refused = limiter.Take(interrupted, "account");
  turns.pop_back();
  const auto granted = limiter.Take(clock.Call(), "account");

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kCancelled);
  EXPECT_TRUE(granted);
}

class RateLimitTest : public AcmeTest {};

TEST_F(RateLimitTest, EndsWithTheTimeAfterWhichToTryAgain) {
  for (const char* header : {"86400", "Sat, 03 Jan 2026 03:04:05 GMT"}) {
    auto limited = tests::ProblemReply(429, "rateLimited", "too many certificates already issued for example.test");
    limited.headers.push_back({"Retry-After", header});
    server->Inject({.at = Kind::kNewOrder, .what = What::kReply, .reply = limited});

    const auto issued = IssueFor({"example.test"});

    ASSERT_FALSE(issued);
    EXPECT_EQ(issued.error().kind, base::ErrorKind::kRateLimited);
    ASSERT_TRUE(issued.error().retry_after) << header;
    EXPECT_EQ(*issued.error().retry_after, clock.Now() + 24h) << header;
    EXPECT_NE(issued.error().message.find("too many certificates"), std::string::npos);
  }
}

TEST_F(RateLimitTest, AShortOneIsWaitedOut) {
  auto limited = tests::ProblemReply(429, "rateLimited", "slow down");
  limited.headers.push_back({"Retry-After", "20"});
  server->Inject({.at = Kind::kNewOrder, .what = What::kReply, .reply = limited});

  ASSERT_TRUE(IssueFor({"example.test"}));

  EXPECT_EQ(clock.pauses().front(), 20s);
}

TEST_F(RateLimitTest, AComplaintSlowsTheNextOrdersDown) {
  server->Inject(
      {.at = Kind::kNewOrder, .what = What::kReply, .reply = {429, {}, "<html><h1>429 Too Many Requests</h1></html>"}});
  const Account account = Registered();
  ASSERT_TRUE(Issue(Call(), client(), account, {.dns_names = {"a.test"}, .key = key}, solver));

  for (int i = 0; i < 12; ++i) EXPECT_TRUE(client().order_limiter.AwaitStart(Call(), account.url));

  EXPECT_EQ(clock.pauses().back(), 80ms);
}

}  // namespace
}  // namespace engine::acme
