// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/endpoint.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/json.h"
#include "tests/support/source_tree.h"

namespace tests::aws_endpoint {
namespace {

using base::Json;
using engine::vendors::aws::AwsPartition;
using engine::vendors::aws::FindAwsEndpoint;

// What botocore does, by endpoint_vectors.py.
TEST(FindAwsEndpoint, IsBotocoresInEachPartitionAndVariant) {
  std::ifstream stream(testing_support::SourceRoot() / "tests/engine/vendors/aws/endpoint_vectors.json");
  const Json rows = Json::parse(stream);

  ASSERT_EQ(rows.size(), 364U);
  for (const Json& row : rows) {
    const auto endpoint = FindAwsEndpoint(row["service"].get<std::string>(), row["region"].get<std::string>(),
                                          {.fips = row["fips"].get<bool>(), .dual_stack = row["dual_stack"].get<bool>()});

    ASSERT_EQ(endpoint.ok(), row["url"].is_string()) << row;
    if (!endpoint) continue;
    EXPECT_EQ(endpoint->url, row["url"].get<std::string>()) << row;
    EXPECT_EQ(endpoint->region, row["signed_for"].get<std::string>()) << row;
  }
}

TEST(FindAwsEndpoint, APartitionWithoutDualStackSaysSo) {
  const auto endpoint = FindAwsEndpoint("acm", "eu-isoe-west-1", {.dual_stack = true});

  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error().kind, base::ErrorKind::kInvalid);
  EXPECT_NE(endpoint.error().message.find("aws-iso-e has no dual-stack endpoints"), std::string::npos)
      << endpoint.error().message;
}

TEST(AwsPartition, FollowsTheRegion) {
  EXPECT_EQ(AwsPartition("eu-central-1"), "aws");
  EXPECT_EQ(AwsPartition("cn-north-1"), "aws-cn");
  EXPECT_EQ(AwsPartition("us-gov-west-1"), "aws-us-gov");
  EXPECT_EQ(AwsPartition("eusc-de-east-1"), "aws-eusc");
  EXPECT_EQ(AwsPartition("us-isob-east-1"), "aws-iso-b");
  EXPECT_EQ(AwsPartition(""), "aws");
}

}  // namespace
}  // namespace tests::aws_endpoint
