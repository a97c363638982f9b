// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/endpoint.h"

#include <gtest/gtest.h>

namespace tests::aws_endpoint {
namespace {

TEST(FindAwsEndpoint, KnowsEachPartition) {
  struct Row {
    const char* service;
    const char* region;
    const char* url;
    const char* signed_for;
  };
  constexpr Row kRows[] = {
      {"route53", "eu-west-1", "https://route53.amazonaws.com", "us-east-1"},
      {"route53", "cn-north-1", "https://route53.amazonaws.com.cn", "cn-northwest-1"},
      {"route53", "us-gov-east-1", "https://route53.us-gov.amazonaws.com", "us-gov-west-1"},
      {"sts", "eu-west-1", "https://sts.eu-west-1.amazonaws.com", "eu-west-1"},
      {"acm", "cn-north-1", "https://acm.cn-north-1.amazonaws.com.cn", "cn-north-1"},
      {"acm", "us-gov-east-1", "https://acm.us-gov-east-1.amazonaws.com", "us-gov-east-1"},
  };
  for (const Row& row : kRows) {
    const auto endpoint = engine::vendors::aws::FindAwsEndpoint(row.service, row.region);

    EXPECT_EQ(endpoint.url, row.url);
    EXPECT_EQ(endpoint.region, row.signed_for);
  }
}

TEST(AwsPartition, FollowsTheRegion) {
  EXPECT_EQ(engine::vendors::aws::AwsPartition("eu-central-1"), "aws");
  EXPECT_EQ(engine::vendors::aws::AwsPartition("cn-north-1"), "aws-cn");
  EXPECT_EQ(engine::vendors::aws::AwsPartition("us-gov-west-1"), "aws-us-gov");
  EXPECT_EQ(engine::vendors::aws::AwsPartition(""), "aws");
}

}  // namespace
}  // namespace tests::aws_endpoint
