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
  std::string_view dual_stack_suffix;  // empty: it has no such endpoints
  std::string_view route53_region;
};

constexpr std::array kPartitions = {
    Partition{"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"},
    Partition{"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"},
    Partition{"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"},
    Partition{"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"},
    Partition{"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "", "eu-isoe-west-1"},
    Partition{"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "", "us-isof-south-1"},
    Partition{"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws", "us-gov-west-1"},
    Partition{"aws", "", "amazonaws.com", "api.aws", "us-east-1"},
};

const Partition& PartitionOf(std::string_view region) {
  for (const Partition& partition : kPartitions) {
    if (region.starts_with(partition.region_prefix)) return partition;
  }
  return kPartitions.back();
}

std::string_view SuffixOf(const Partition& partition, AwsVariant variant) {
  return variant.dual_stack ? partition.dual_stack_suffix : partition.suffix;
}

// It has no region in its name.
std::string Route53Host(const Partition& partition, AwsVariant variant) {
  const std::string_view suffix = SuffixOf(partition, variant);
  if (partition.name == "aws-us-gov") return Cat("route53.us-gov.", suffix);
  const bool has_global = partition.name == "aws" || partition.name == "aws-cn" || partition.name == "aws-eusc";
  const bool is_global = variant.dual_stack && has_global && (!variant.fips || partition.name == "aws");
  return Cat("route53", variant.fips ? "-fips" : "", is_global ? ".global." : ".", suffix);
}

std::string HostOf(const Partition& partition, std::string_view service, std::string_view region, AwsVariant variant) {
  const bool is_gov = partition.name == "aws-us-gov";
  const bool is_secrets_manager = service == "secretsmanager";
  // All endpoints of the older services in GovCloud are FIPS ones.
  const bool is_fips_anyway = is_gov && !variant.dual_stack && !is_secrets_manager && service != "tagging";
  // Its usual names have IPv6 addresses.
  const bool is_dual_anyway =
      is_secrets_manager && (partition.name == "aws" || is_gov || (partition.name == "aws-cn" && !variant.fips));
  if (is_dual_anyway) variant.dual_stack = false;
  return Cat(service, variant.fips && !is_fips_anyway ? "-fips" : "", ".", region, ".", SuffixOf(partition, variant));
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

base::Result<AwsEndpoint> FindAwsEndpoint(std::string_view service, std::string_view region, AwsVariant variant) {
  const Partition& partition = PartitionOf(region);
  if (variant.dual_stack && partition.dual_stack_suffix.empty()) {
    return base::Error{base::ErrorKind::kInvalid, Cat("the partition ", partition.name,
                                                      " has no dual-stack endpoints, which the AWS configuration asks for "
                                                      "(AWS_USE_DUALSTACK_ENDPOINT or use_dualstack_endpoint)")};
  }
  if (service == "route53") {
    return AwsEndpoint{Cat("https://", Route53Host(partition, variant)), std::string(partition.route53_region)};
  }
  return AwsEndpoint{Cat("https://", HostOf(partition, service, region, variant)), std::string(region)};
}

}  // namespace engine::vendors::aws
