// SPDX-License-Identifier: MPL-2.0
// Where a service of AWS answers, and for which region its requests are signed: the partitions and exceptions of botocore's
// partitions.json and endpoint rules. tests/engine/vendors/aws/endpoint_vectors.py asks botocore for each of them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace engine::vendors::aws {

struct AwsEndpoint {
  std::string url;     // "https://acm.eu-west-1.amazonaws.com"
  std::string region;  // to sign for
};

// Which of a service's endpoints.
struct AwsVariant {
  bool fips = false;
  bool dual_stack = false;
};

// "aws", "aws-cn", "aws-us-gov"; "aws" for regions that are not known.
std::string_view AwsPartition(std::string_view region);

// What is wrong with a region, a sentence; empty if nothing is. It becomes a part of host names.
std::string FindAwsRegionProblem(std::string_view region);

// Route 53 is one for each partition, whatever the region. Errors: kInvalid, the partition has no such variant.
base::Result<AwsEndpoint> FindAwsEndpoint(std::string_view service, std::string_view region, AwsVariant variant = {});

}  // namespace engine::vendors::aws
