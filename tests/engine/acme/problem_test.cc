// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/problem.h"

#include <gtest/gtest.h>

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;

constexpr base::TimePoint kNow{1'000'000s};

base::Error Of(int status, std::string body, std::vector<base::http::Header> headers = {}) {
  return ReplyError({status, std::move(headers), std::move(body)}, kNow);
}

// The example of RFC 8555 section 6.7.1.
constexpr const char* kExample = R"({
  "type": "urn:ietf:params:acme:error:malformed", "detail": "Some of the identifiers requested were rejected",
  "subproblems": [
    {"type": "urn:ietf:params:acme:error:malformed", "detail": "Invalid underscore in DNS name \"_example.org\"",
     "identifier": {"type": "dns", "value": "_example.org"}},
    {"type": "urn:ietf:params:acme:error:rejectedIdentifier", "detail": "This CA will not issue for \"example.net\"",
     "identifier": {"type": "dns", "value": "example.net"}}]})";

TEST(ReplyError, ListsEverySubproblemWithItsIdentifier) {
  const auto error = Of(400, kExample);

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.code, "urn:ietf:params:acme:error:malformed");
  EXPECT_EQ(error.message, "the CA refused: Some of the identifiers requested were rejected (malformed)");
  ASSERT_EQ(error.details.size(), 2U);
  EXPECT_EQ(error.details[0], "_example.org: Invalid underscore in DNS name \"_example.org\" (malformed)");
  EXPECT_EQ(error.details[1], "example.net: This CA will not issue for \"example.net\" (rejectedIdentifier)");
}

TEST(ReplyError, GoesByTheStatusForUnknownTypes) {
  const std::string body = R"({"type":"urn:vendor:own","detail":"no"})";

  EXPECT_EQ(Of(403, body).kind, ErrorKind::kDenied);
  EXPECT_EQ(Of(404, body).kind, ErrorKind::kNotFound);
  EXPECT_EQ(Of(409, body).kind, ErrorKind::kConflict);
  EXPECT_EQ(Of(429, body).kind, ErrorKind::kRateLimited);
  EXPECT_EQ(Of(502, body).kind, ErrorKind::kUnavailable);
  EXPECT_EQ(Of(422, body).kind, ErrorKind::kInvalid);
  EXPECT_EQ(Of(302, body).kind, ErrorKind::kProtocol);
}

TEST(ReplyError, ShowsTheFirstLineOfAPage) {
  EXPECT_EQ(Of(502, "<html>\n<head><title>502 Bad Gateway</title></head>").message, "the CA answered 502: 502 Bad Gateway");
  EXPECT_EQ(Of(504, "").message, "the CA answered 504");
  EXPECT_EQ(Of(500, "plain\x1b[31m text").message, "the CA answered 500: plain [31m text");
}

TEST(ReplyError, KeepsRetryAfter) { EXPECT_EQ(Of(429, "<html>", {{"Retry-After", "60"}}).retry_after, kNow + 60s); }

TEST(ProblemError, TakesTheTitleWhenThereIsNoDetail) {
  EXPECT_EQ(ProblemError({{"type", "about:blank"}, {"title", "Gone"}}, 410).message, "the CA refused: Gone");
  EXPECT_EQ(ProblemError(base::Json::object(), 400).message, "the CA refused: no reason given");
}

TEST(IsProblem, ComparesTheWholeType) {
  const auto error = ProblemError({{"type", "urn:ietf:params:acme:error:badNonce"}}, 400);

  EXPECT_TRUE(IsProblem(error, "badNonce"));
  EXPECT_FALSE(IsProblem(error, "badNonc"));
  EXPECT_FALSE(IsProblem(ProblemError({{"type", "badNonce"}}, 400), "badNonce"));
}

}  // namespace
}  // namespace engine::acme
