// SPDX-License-Identifier: MPL-2.0
// Where a service of AWS answers, and for which region its requests are signed. Partitions aws, aws-cn and aws-us-gov.
#pragma once

#include <string>
#include <string_view>

namespace engine::vendors::aws {

struct AwsEndpoint {
  std::string url;     // "https://acm.eu-west-1.amazonaws.com"
  std::string region;  // to sign for
};

// "aws", "aws-cn", "aws-us-gov"; "aws" for regions that are not known.
std::string_view AwsPartition(std::string_view region);

// What is wrong with a region, a sentence; empty if nothing is. It becomes a part of host names.
std::string FindAwsRegionProblem(std::string_view region);

// Route 53 is one for each partition, whatever the region.
AwsEndpoint FindAwsEndpoint(std::string_view service, std::string_view region);

}  // namespace engine::vendors::aws
