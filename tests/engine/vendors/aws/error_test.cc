// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/error.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace tests::aws_error {
namespace {

using base::ErrorKind;

base::Error ParseAwsError(const base::http::Response& response, std::string_view action) {
  return engine::vendors::aws::ParseAwsError(response, action, base::TimePoint());
}

TEST(ParseAwsError, ReadsTheXmlOfStsAndRoute53) {
  const auto error = ParseAwsError(
      {.status = 403,
       .body = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
               "<Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.</Message>"
               "</Error><RequestId>1</RequestId></ErrorResponse>"},
      "asking who this is");

  EXPECT_EQ(error.kind, ErrorKind::kDenied);
  EXPECT_EQ(error.code, "InvalidClientTokenId");
  EXPECT_EQ(error.message,
            "AWS refused asking who this is: The security token included in the request is invalid. (InvalidClientTokenId)");
}

TEST(ParseAwsError, ReadsEveryMessageOfAnInvalidChangeBatch) {
  const auto error = ParseAwsError(
      {.status = 400,
       .body = "<?xml version=\"1.0\"?><InvalidChangeBatch xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Messages>"
               "<Message>first</Message><Message>second</Message></Messages><RequestId>1</RequestId></InvalidChangeBatch>"},
      "changing");

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.code, "InvalidChangeBatch");
  EXPECT_EQ(error.message, "AWS refused changing: first (InvalidChangeBatch)");
  EXPECT_EQ(error.details, (std::vector<std::string>{"first", "second"}));
}

TEST(ParseAwsError, ReadsTheJsonOfCertificateManager) {
  const auto by_type = ParseAwsError(
      {.status = 400, .body = R"({"__type":"com.amazonaws.acm#ResourceNotFoundException","message":"no such"})"}, "x");
  const auto by_header = ParseAwsError(
      {.status = 400, .headers = {{"x-amzn-ErrorType", "ThrottlingException:http://internal/"}}, .body = R"({"Message":"slow"})"},
      "x");

  EXPECT_EQ(by_type.kind, ErrorKind::kNotFound);
  EXPECT_EQ(by_type.code, "ResourceNotFoundException");
  EXPECT_EQ(by_header.kind, ErrorKind::kRateLimited);
  EXPECT_EQ(by_header.message, "AWS refused x: slow (ThrottlingException)");
}

TEST(ParseAwsError, ThrottlingIsARateLimitThoughItsStatusIs400) {
  for (const char* code : {"Throttling", "PriorRequestNotComplete", "RequestLimitExceeded"}) {
    const std::string body = std::string("<ErrorResponse><Error><Code>") + code + "</Code></Error></ErrorResponse>";

    EXPECT_EQ(ParseAwsError({.status = 400, .body = body}, "x").kind, ErrorKind::kRateLimited) << code;
  }
}

TEST(ParseAwsError, SaysWhenToTryAgain) {
  const auto error = ParseAwsError({.status = 503, .headers = {{"Retry-After", "7"}}, .body = ""}, "x");

  EXPECT_EQ(error.retry_after, base::TimePoint(std::chrono::seconds(7)));
}

TEST(ParseAwsError, AWrongClockSaysSo) {
  const auto error = ParseAwsError(
      {.status = 403, .body = "<ErrorResponse><Error><Code>RequestTimeTooSkewed</Code></Error></ErrorResponse>"}, "x");

  EXPECT_EQ(error.kind, ErrorKind::kDenied);
  EXPECT_NE(error.message.find("clock is wrong"), std::string::npos) << error.message;
}

TEST(ParseAwsError, FallsBackToTheStatus) {
  const std::pair<int, ErrorKind> kinds[]{{301, ErrorKind::kProtocol},    {400, ErrorKind::kInvalid},
                                          {403, ErrorKind::kDenied},      {404, ErrorKind::kNotFound},
                                          {429, ErrorKind::kRateLimited}, {502, ErrorKind::kUnavailable}};
  for (const auto& [status, kind] : kinds) {
    for (const char* body : {"", "<html>", "{\"__type\":3}", "oops"}) {
      const auto error = ParseAwsError({.status = status, .body = body}, "x");

      EXPECT_EQ(error.kind, kind) << status << body;
      const std::string verb = kind == ErrorKind::kUnavailable ? "failed at" : "refused";
      EXPECT_EQ(error.message, base::Cat("AWS ", verb, " x (status ", status, ")")) << body;
    }
  }
}

}  // namespace
}  // namespace tests::aws_error
