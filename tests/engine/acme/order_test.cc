// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/order.h"

#include <gtest/gtest.h>

#include "engine/acme/authorization.h"
#include "engine/acme/order_wait.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(ParseOrder, ReadsTheExampleOfTheStandard) {
  const auto order = ParseOrder(R"({"status":"valid","expires":"2016-01-20T14:09:07.99Z",
    "identifiers":[{"type":"dns","value":"www.Example.org"},{"type":"dns","value":"example.org"}],
    "authorizations":["https://example.com/acme/authz/PAniVnsZcis","/acme/authz/r4HqLzrSrpI"],
    "finalize":"https://example.com/acme/order/TOlocE8rfgo/finalize","certificate":"/acme/cert/mAt3xBGaobw"})",
                                "https://example.com/acme/order/TOlocE8rfgo");

  ASSERT_TRUE(order) << order.error().message;
  EXPECT_EQ(order->status, OrderStatus::kValid);
  EXPECT_EQ(order->dns_names, (std::vector<std::string>{"example.org", "www.example.org"}));
  EXPECT_EQ(order->authorizations[1], "https://example.com/acme/authz/r4HqLzrSrpI");
  EXPECT_EQ(order->certificate, "https://example.com/acme/cert/mAt3xBGaobw");
}

TEST(ParseOrder, RefusesWhatIsNoOrder) {
  for (const char* text : {"", "[]", "{}", R"({"status":"done","finalize":"/f"})", R"({"status":"ready"})",
                           R"({"status":"valid","finalize":"/f"})", R"({"status":"ready","finalize":"ftp://x"})"}) {
    const auto order = ParseOrder(text, "https://ca.test/o/1");
    ASSERT_FALSE(order) << text;
  }
}

TEST(ParseOrder, KeepsWhyItIsInvalid) {
  const auto order =
      ParseOrder(R"({"status":"invalid","finalize":"/f","error":{"type":"urn:ietf:params:acme:error:caa","detail":"no"}})",
                 "https://ca.test/o/1");

  ASSERT_TRUE(order);
  ASSERT_TRUE(order->problem);
  EXPECT_EQ(order->problem->kind, base::ErrorKind::kDenied);
}

TEST(ParseAuthorization, ReadsAWildcard) {
  const auto authorization =
      ParseAuthorization(R"({"status":"pending","identifier":{"type":"dns","value":"Example.org"},"wildcard":true,
    "challenges":[{"type":"http-01","url":"/c/1","token":"a"},{"type":"dns-01","url":"/c/2","token":"b","status":"processing"}]})",
                         "https://ca.test/a/1");

  ASSERT_TRUE(authorization) << authorization.error().message;
  EXPECT_EQ(authorization->Name(), "*.example.org");
  ASSERT_NE(authorization->Find(ValidationMethod::kDns01), nullptr);
  EXPECT_EQ(authorization->Find(ValidationMethod::kDns01)->url, "https://ca.test/c/2");
  EXPECT_EQ(authorization->Find(ValidationMethod::kDns01)->status, ChallengeStatus::kProcessing);
}

// Found by fuzzing: the record's name would have held the wildcard.
TEST(ParseAuthorization, TakesAWildcardOutOfTheIdentifier) {
  const auto authorization =
      ParseAuthorization(R"({"status":"valid","identifier":{"type":"dns","value":"*.example.org"}})", "https://ca.test/a/1");

  ASSERT_TRUE(authorization) << authorization.error().message;
  EXPECT_EQ(authorization->identifier, "example.org");
  EXPECT_EQ(authorization->Name(), "*.example.org");
}

TEST(ParseAuthorization, RefusesWhatIsNoAuthorization) {
  for (const char* text :
       {"", "{}", R"({"status":"odd","identifier":{"value":"a"}})", R"({"status":"valid"})",
        R"({"status":"valid","identifier":{"value":"*."}})", R"({"status":"valid","identifier":{"value":"a.*.b"}})",
        R"({"status":"pending","identifier":{"value":"a"},"challenges":[{"type":"dns-01"}]})"}) {
    EXPECT_FALSE(ParseAuthorization(text, "https://ca.test/a/1")) << text;
  }
}

TEST(RecordFor, RefusesATokenThatIsNoBase64Url) {
  const Account account{.url = "https://ca.test/account/1",
                        .key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256)};

  EXPECT_TRUE(RecordFor("a.test", {.type = "dns-01", .url = "u", .token = "abc-_9"}, account));
  EXPECT_FALSE(RecordFor("a.test", {.type = "dns-01", .url = "u", .token = ""}, account));
  EXPECT_FALSE(RecordFor("a.test", {.type = "dns-01", .url = "u", .token = "a.b"}, account));
}

TEST(RequestedPause, IsRetryAfterWithinReason) {
  const base::TimePoint now{1000s};

  EXPECT_EQ(RequestedPause(now + 3s, now, 10min), 3s);
  EXPECT_EQ(RequestedPause(now, now, 10min), 250ms);
  EXPECT_EQ(RequestedPause(now - 1h, now, 10min), 250ms);
}

TEST(RequestedPause, IsEmptyWithoutRetryAfterOrWhenItIsTooLate) {
  const base::TimePoint now{1000s};

  EXPECT_EQ(RequestedPause({}, now, 10min), std::nullopt);
  EXPECT_EQ(RequestedPause(now + 10min, now, 10min), std::nullopt);
  EXPECT_EQ(RequestedPause(now + 24h, now, 10min), std::nullopt);
}

}  // namespace
}  // namespace engine::acme
