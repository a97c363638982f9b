// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/endpoint.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace engine::vendors::aws {
namespace {

using base::Cat;

struct Partition {
  std::string_view name;
  std::string_view region_prefix;
  std::string_view suffix;
  std::string_view route53_url;
  std::string_view route53_region;
};

constexpr std::array kPartitions = {
    Partition{"aws-cn", "cn-", "amazonaws.com.cn", "https://route53.amazonaws.com.cn", "cn-northwest-1"},
    Partition{"aws-us-gov", "us-gov-", "amazonaws.com", "https://route53.us-gov.amazonaws.com", "us-gov-west-1"},
    Partition{"aws", "", "amazonaws.com", "https://route53.amazonaws.com", "us-east-1"},
};

const Partition& PartitionOf(std::string_view region) {
  for (const Partition& partition : kPartitions) {
    if (region.starts_with(partition.region_prefix)) return partition;
  }
  return kPartitions.back();
}

}  // namespace

std::string_view AwsPartition(std::string_view region) { return PartitionOf(region).name; }

std::string FindAwsRegionProblem(std::string_view region) {
  const bool is_made_of = std::all_of(region.begin(), region.end(), [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one == '-';
  });
  if (is_made_of && region.find('-') != std::string_view::npos) return "";
  return "This is no region; they look like eu-west-1.";
}

AwsEndpoint FindAwsEndpoint(std::string_view service, std::string_view region) {
  const Partition& partition = PartitionOf(region);
  if (service == "route53") return {std::string(partition.route53_url), std::string(partition.route53_region)};
  return {Cat("https://", service, '.', region, '.', partition.suffix), std::string(region)};
}

}  // namespace engine::vendors::aws
