// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/rest_api.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"

namespace tests {
namespace {

using base::Json;
using engine::connections::FindAt;
using engine::connections::RestApi;
using engine::connections::RestVendor;
using engine::connections::TextAt;

constexpr RestVendor kSample{.name = "Sample",
                             .url = "https://sample.test",
                             .variable = "SAMPLE_TOKEN",
                             .rate = {},
                             .token_header = "X-Token",
                             .token_prefix = "Key ",
                             .error_code = "errors/0/code",
                             .error_message = "errors/0/reason"};

RestApi MakeSample(base::http::Transport& transport) {
  return {kSample, transport, "https://sample.test/v1", base::Secret("canary"),
          std::make_shared<base::http::RateLimiter>(base::http::Rate{})};
}

TEST(FindAt, FollowsMembersAndPositions) {
  const Json value{{"errors", Json::array({Json{{"reason", "no"}, {"id", 7}}})}, {"none", nullptr}};

  EXPECT_EQ(FindAt(value, ""), &value);
  EXPECT_EQ(TextAt(value, "errors/0/reason"), "no");
  EXPECT_EQ(TextAt(value, "errors/0/id"), "7");
}

TEST(FindAt, WhatIsNotThereIsNull) {
  const Json value{{"errors", Json::array({Json{{"reason", "no"}}})}, {"none", nullptr}};

  for (const char* path : {"errors/1/reason", "errors/x", "errors/0/reason/more", "other", "none", "none/more", "/"}) {
    EXPECT_EQ(FindAt(value, path), nullptr) << path;
    EXPECT_EQ(TextAt(value, path), "") << path;
  }
  EXPECT_EQ(TextAt(value, "errors"), "");
}

TEST(RestApi, SendsTheTokenAndTheBodyAsTheVendorWantsThem) {
  FakeTransport transport({base::http::Response{.status = 200, .headers = {}, .body = R"([{"id": 1}])"}});
  FakeClock clock;

  const auto answer = MakeSample(transport).Send(clock.Call(), "POST", "/zones", {{"name", "a"}});

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(TextAt(*answer, "0/id"), "1");
  const auto request = transport.requests().front();
  EXPECT_EQ(request.url, "https://sample.test/v1/zones");
  EXPECT_EQ(request.body, R"({"name":"a"})");
  EXPECT_EQ(request.idempotency, base::http::Idempotency::kOnce);
  EXPECT_TRUE(
      std::ranges::any_of(request.headers, [](const auto& one) { return one.name == "X-Token" && one.value == "Key canary"; }));
}

TEST(RestApi, AnErrorIsMadeOfTheNamedMembersAlone) {
  FakeTransport transport({base::http::Response{
      .status = 403, .headers = {}, .body = R"({"errors": [{"code": "E7", "reason": "not yours"}], "body": "body-canary"})"}});
  FakeClock clock;

  const auto answer = MakeSample(transport).Send(clock.Call(), "GET", "/zones");

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::ErrorKind::kDenied);
  EXPECT_EQ(answer.error().code, "E7");
  EXPECT_EQ(answer.error().message, "Sample answered 403: not yours (E7)");
}

TEST(RestApi, AnEmptyAnswerIsNullAndWhatIsNoJsonIsAProtocolError) {
  FakeTransport transport({base::http::Response{.status = 204, .headers = {}, .body = {}},
                           base::http::Response{.status = 200, .headers = {}, .body = "<html>"}});
  FakeClock clock;

  const auto empty = MakeSample(transport).Send(clock.Call(), "DELETE", "/zones/1");
  const auto page = MakeSample(transport).Send(clock.Call(), "GET", "/zones");

  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->is_null());
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, base::ErrorKind::kProtocol);
}

}  // namespace
}  // namespace tests
