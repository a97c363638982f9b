// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/endpoint.h"

#include <gtest/gtest.h>

namespace tests {
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
    const auto endpoint = base::cloud::FindAwsEndpoint(row.service, row.region);

    EXPECT_EQ(endpoint.url, row.url);
    EXPECT_EQ(endpoint.region, row.signed_for);
  }
}

TEST(AwsPartition, FollowsTheRegion) {
  EXPECT_EQ(base::cloud::AwsPartition("eu-central-1"), "aws");
  EXPECT_EQ(base::cloud::AwsPartition("cn-north-1"), "aws-cn");
  EXPECT_EQ(base::cloud::AwsPartition("us-gov-west-1"), "aws-us-gov");
  EXPECT_EQ(base::cloud::AwsPartition(""), "aws");
}

}  // namespace
}  // namespace tests
