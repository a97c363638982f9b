// SPDX-License-Identifier: MPL-2.0
#include "base/http/client.h"

#include <gtest/gtest.h>

#include "base/time_format.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"
#include "tests/support/fake_transport.h"
#include "tests/support/log_capture.h"

namespace base::http {
namespace {

using namespace std::chrono_literals;
using tests::FakeClock;
using tests::FakeTransport;
using Answers = std::vector<Result<Response>>;
using Pauses = std::vector<std::chrono::milliseconds>;

Result<Response> Status(int status, std::vector<Header> headers = {}) { return Response{status, std::move(headers), ""}; }
Result<Response> Broken(Delivery delivery = Delivery::kUnknown) {
  return Error{.kind = ErrorKind::kUnavailable, .message = "the connection broke", .delivery = delivery};
}

struct Scripted {
  explicit Scripted(Answers answers) : transport(std::move(answers)) {}

  Result<Response> Fetch(Idempotency idempotency, std::chrono::milliseconds limit = 10min) {
    tests::FakeRandom random(255);  // full pauses, then half ones
    return http::Fetch(clock.Call(limit), transport, {.url = "http://a.test/", .idempotency = idempotency}, {.random = &random});
  }

  FakeClock clock;
  FakeTransport transport;
};

TEST(Fetch, ReturnsOtherFailuresThanPassingOnesAtOnce) {
  for (const int status : {200, 301, 400, 401, 404, 501}) {
    Scripted run({Status(status)});
    EXPECT_EQ(run.Fetch(Idempotency::kSafe)->status, status);
    EXPECT_EQ(run.transport.requests().size(), 1U);
  }
}

TEST(Fetch, RetriesPassingFailuresWithDoublingPauses) {
  Scripted run({Broken(), Status(503), Status(500), Status(200)});

  const auto response = run.Fetch(Idempotency::kSafe);

  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(run.clock.pauses(), (Pauses{200ms, 200ms, 401ms}));  // 255 gives the whole pause, 0 and 1 about the half
}

TEST(Fetch, GivesTheLastOutcomeWhenAttemptsAreUsedUp) {
  Scripted run({Status(503), Status(503), Status(503), Status(429), Status(200)});

  EXPECT_EQ(run.Fetch(Idempotency::kSafe)->status, 429);
}

TEST(Fetch, WaitsAsLongAsRetryAfterSays) {
  Scripted run({Status(429, {{"Retry-After", "7"}}), Status(200)});

  ASSERT_TRUE(run.Fetch(Idempotency::kSafe));

  EXPECT_EQ(run.clock.pauses(), Pauses{7s});
}

TEST(Fetch, GivesUpAtOnceWhenRetryAfterIsBeyondTheDeadline) {
  Scripted run({Status(429, {{"Retry-After", "86400"}}), Status(200)});

  EXPECT_EQ(run.Fetch(Idempotency::kSafe)->status, 429);
  EXPECT_TRUE(run.clock.pauses().empty());
}

TEST(Fetch, SendsAOnceRequestAgainOnlyWhenItNeverLeft) {
  Scripted lost({Broken(), Status(200)});
  Scripted refused({Broken(Delivery::kNotSent), Status(200)});

  EXPECT_FALSE(lost.Fetch(Idempotency::kOnce));
  EXPECT_TRUE(refused.Fetch(Idempotency::kOnce));
}

TEST(Fetch, SendsAOnceRequestAgainWhenItWasClearlyRefused) {
  Scripted limited({Status(429), Status(200)});
  Scripted busy({Status(503, {{"Retry-After", "1"}}), Status(200)});
  Scripted unclear({Status(503), Status(200)});

  EXPECT_EQ(limited.Fetch(Idempotency::kOnce)->status, 200);
  EXPECT_EQ(busy.Fetch(Idempotency::kOnce)->status, 200);
  EXPECT_EQ(unclear.Fetch(Idempotency::kOnce)->status, 503);
}

TEST(Fetch, DoesNotRetryAnUntrustedServer) {
  Scripted run({Error{ErrorKind::kUntrusted, "not trusted"}, Status(200)});

  EXPECT_FALSE(run.Fetch(Idempotency::kSafe));
  EXPECT_EQ(run.transport.requests().size(), 1U);
}

TEST(Fetch, LogsNeitherQueryNorHeadersNorBodies) {
  FakeClock clock;
  const auto sink = std::make_shared<tests::LogCapture>();
  Call call = clock.Call();
  call.log = Log(sink);
  FakeTransport transport({Response{200, {{"Set-Cookie", "mark-1"}, {"Content-Type", "text/plain"}}, "mark-2"}});

  ASSERT_TRUE(Fetch(call, transport, {"POST", "http://a.test/p?key=mark-3", {{"Authorization", "mark-4"}}, "mark-5"}));

  EXPECT_EQ(sink->text(),
            "request sent method=POST url=http://a.test/p status=200 took=0ms\n"
            "response headers url=http://a.test/p headers=content-type: text/plain\n");
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  const TimePoint now = *ParseRfc3339("2026-01-02T03:04:05Z");
  const auto read = [&](std::string text) { return RetryAfter(Response{.headers = {{"retry-after", std::move(text)}}}, now); };

  EXPECT_EQ(read("120"), now + 120s);
  EXPECT_EQ(read(" 0 "), now);
  EXPECT_EQ(read("Fri, 02 Jan 2026 03:05:05 GMT"), now + 60s);
  EXPECT_GT(read("99999999999999999999"), now + 24h * 365);
  EXPECT_EQ(read("-1"), std::nullopt);
  EXPECT_EQ(read("soon"), std::nullopt);
  EXPECT_EQ(read(""), std::nullopt);
  EXPECT_EQ(RetryAfter(Response{}, now), std::nullopt);
}

TEST(FetchWith, MakesARequestForEachAttempt) {
  FakeClock clock;
  int made = 0;

  const auto response = FetchWith(clock.Call(), {.url = "http://a.test/"}, {}, [&]() -> Attempt {
    return {.outcome = Response{++made == 3 ? 200 : 503, {}, ""}};
  });

  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(clock.pauses().size(), 2U);
}

TEST(FetchWith, DoesNotRepeatWhatIsFinal) {
  FakeClock clock;
  int made = 0;

  const auto response = FetchWith(clock.Call(), {.url = "http://a.test/"}, {}, [&]() -> Attempt {
    ++made;
    return {.outcome = Response{503, {}, ""}, .is_final = true};
  });

  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace base::http
