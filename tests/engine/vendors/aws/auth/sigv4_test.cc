// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/sigv4.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/json.h"
#include "base/time_format.h"
#include "tests/support/handler_transport.h"
#include "tests/support/source_tree.h"

namespace tests {
namespace {

using base::Secret;
using base::http::Request;
using engine::vendors::aws::auth::AwsCredentials;

// What AWS's own suite and botocore make of the same requests; aws_sigv4.py beside it says how the file was made.
base::Json Vectors() {
  std::ifstream stream(testing_support::SourceRoot() / "tests/engine/vendors/aws/auth/sigv4_vectors.json");
  return *base::ParseJson(std::string(std::istreambuf_iterator<char>(stream), {}));
}

Request RequestOf(const base::Json& vector) {
  Request request{.method = vector.at("method"), .url = vector.at("url"), .body = vector.at("body")};
  for (const auto& header : vector.at("headers")) request.headers.push_back({header.at(0), header.at(1)});
  return request;
}

AwsCredentials CredentialsOf(const base::Json& vector) {
  return {.access_key_id = vector.at("key_id"),
          .secret_access_key = Secret(vector.at("secret").get<std::string>()),
          .session_token = Secret(vector.at("token").get<std::string>())};
}

TEST(SignAws, AgreesWithAwsAndBotocore) {
  const base::Json vectors = Vectors();
  ASSERT_GT(vectors.size(), 150U);
  for (const base::Json& vector : vectors) {
    const auto signed_request = engine::vendors::aws::auth::SignAws(
        RequestOf(vector), CredentialsOf(vector), {.region = vector.at("region"), .service = vector.at("service")},
        *base::ParseRfc3339(vector.at("time").get<std::string>()));

    ASSERT_TRUE(signed_request) << vector.at("url");
    EXPECT_EQ(HeaderOf(*signed_request, "Authorization"), vector.at("authorization").get<std::string>()) << vector;
  }
}

TEST(SignAws, SendsTimeAndToken) {
  const AwsCredentials credentials{
      .access_key_id = "AKIDEXAMPLE", .secret_access_key = Secret("s"), .session_token = Secret("t")};

  const auto request =
      engine::vendors::aws::auth::SignAws({.url = "https://sts.amazonaws.com/"}, credentials,
                                          {.region = "us-east-1", .service = "sts"}, *base::ParseRfc3339("2026-01-02T03:04:05Z"));

  EXPECT_EQ(HeaderOf(*request, "X-Amz-Date"), "20260102T030405Z");
  EXPECT_EQ(HeaderOf(*request, "X-Amz-Security-Token"), "t");
}

TEST(SignAws, AQueryHasOneSignatureHoweverItIsEncoded) {
  const AwsCredentials credentials{.access_key_id = "AKIDEXAMPLE", .secret_access_key = Secret("s")};
  const auto sign = [&](const char* query) {
    const Request request{.url = std::string("https://route53.amazonaws.com/x?") + query};
    return HeaderOf(*engine::vendors::aws::auth::SignAws(request, credentials, {"us-east-1", "route53"}, base::TimePoint()),
                    "Authorization");
  };

  EXPECT_EQ(sign("b=2&a=%2a"), sign("a=*&b=2"));
  EXPECT_NE(sign("a=%20"), sign("a=+"));
}

TEST(SignAws, RefusesWhatIsNoUrl) {
  const auto request = engine::vendors::aws::auth::SignAws({.url = "/path"}, {}, {}, base::TimePoint());

  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().kind, base::ErrorKind::kInvalid);
}

}  // namespace
}  // namespace tests
