// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/transport.h"

#include "base/text.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;

class SendSignedTest : public AcmeTest {
 protected:
  base::Result<base::http::Response> LookAtAccount(const Account& account) {
    return SendSigned(Call(), client(), {account.key, account.url}, {.url = account.url, .payload = R"({"contact":[]})"});
  }
};

TEST_F(SendSignedTest, NeedsOneMoreRequestForEachRejectedNonce) {
  const Account account = Registered();
  server->behaviour.reject_nonces = 9;

  const auto response = LookAtAccount(account);

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(server->count(Kind::kAccount), 10);
  EXPECT_EQ(server->count(Kind::kNewNonce), 1);
  EXPECT_TRUE(clock.pauses().empty());
}

TEST_F(SendSignedTest, GivesUpAfterTwentyRejectedNonces) {
  const Account account = Registered();
  server->behaviour.reject_nonces = 1000;

  const auto response = LookAtAccount(account);

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, "urn:ietf:params:acme:error:badNonce");
  EXPECT_EQ(server->count(Kind::kAccount), 20);
}

TEST_F(SendSignedTest, AsksForANonceOnlyWhenItHasNone) {
  const Account account = Registered();

  for (int i = 0; i < 5; ++i) ASSERT_TRUE(LookAtAccount(account));

  EXPECT_EQ(server->count(Kind::kNewNonce), 1);
}

TEST_F(SendSignedTest, DoesNotUseNoncesOlderThanFiveMinutes) {
  const Account account = Registered();
  clock.Advance(6min);

  ASSERT_TRUE(LookAtAccount(account));

  EXPECT_EQ(server->count(Kind::kNewNonce), 2);
}

TEST_F(SendSignedTest, ShowsTheFirstLineOfAPageThatIsNoProblemDocument) {
  const Account account = Registered();
  server->Inject({.at = Kind::kAccount,
                  .reply = {429, {{"Retry-After", "3600"}}, "<html>\r\n<head><title>429 Too Many Requests</title></head>"}});

  const auto response = LookAtAccount(account);

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kRateLimited);
  EXPECT_EQ(response.error().message, "the CA answered 429: 429 Too Many Requests");
  EXPECT_EQ(response.error().retry_after, clock.Now() + 1h);
}

TEST_F(SendSignedTest, DoesNotRepeatARateLimitThatNamesNoTime) {
  const Account account = Registered();
  server->Inject({.at = Kind::kAccount, .reply = tests::ProblemReply(429, "rateLimited", "too many"), .times = 5});

  ASSERT_FALSE(LookAtAccount(account));

  EXPECT_EQ(server->count(Kind::kAccount), 1);
}

TEST_F(SendSignedTest, WaitsForRetryAfter) {
  const Account account = Registered();
  server->Inject({.at = Kind::kAccount, .reply = {503, {{"Retry-After", "20"}}, ""}});

  ASSERT_TRUE(LookAtAccount(account));

  EXPECT_EQ(clock.pauses(), std::vector<std::chrono::milliseconds>{20s});
  EXPECT_NE(log->text().find("the CA refused a request error=the CA answered 503"), std::string::npos);
  EXPECT_NE(log->text().find("waiting before the request is sent again wait=20000ms"), std::string::npos);
}

TEST_F(SendSignedTest, DoesNotRepeatAOnceRequestWhoseFateIsUnknown) {
  const Account account = Registered();
  server->Inject({.at = Kind::kAccount, .what = What::kReset});

  const auto response = SendSigned(Call(), client(), {account.key, account.url},
                                   {.url = account.url, .payload = "{}", .idempotency = base::http::Idempotency::kOnce});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(server->count(Kind::kAccount), 1);
}

TEST_F(SendSignedTest, FetchesTheDirectoryAgainWhenAResourceHasMoved) {
  ASSERT_TRUE(FetchDirectory(Call(), client()));
  server->MoveNewOrder();

  const auto issued = IssueFor({"a.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(server->count(Kind::kDirectory), 2);
}

TEST_F(SendSignedTest, KeepsTheQueryOfTheDirectoryUrl) {
  std::string url;
  class Spy final : public base::http::Transport {
   public:
    Spy(base::http::Transport& next, std::string& url) : next_(next), url_(url) {}
    base::Result<base::http::Response> Send(const base::Call& call, const base::http::Request& request) override {
      url_ = request.url;
      return next_.Send(call, request);
    }

   private:
    base::http::Transport& next_;
    std::string& url_;
  };
  const auto own = MakeClient({.directory_url = server->directory_url(), .transport = std::make_shared<Spy>(*server, url)});

  ASSERT_TRUE(FetchDirectory(Call(), *own));

  EXPECT_EQ(url, "https://acme.test/dir?product=one");
}

TEST(LocationOf, IsAbsoluteAndRequired) {
  const base::http::Response with{201, {{"location", "/acct/7"}}, ""};

  EXPECT_EQ(*LocationOf(with, "https://ca.test/new"), "https://ca.test/acct/7");
  EXPECT_FALSE(LocationOf({}, "https://ca.test/new"));
}

}  // namespace
}  // namespace engine::acme
