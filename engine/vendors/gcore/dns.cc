// SPDX-License-Identifier: MPL-2.0
// Gcore: sets are read in one request and written in one each. https://gcore.com/docs/api-reference/dns/rrsets
#include "engine/dns/rest_sets.h"
#include "engine/vendors/gcore/vendor.h"

namespace engine::vendors::gcore {
namespace {

constexpr dns::RestSets kSets{
    .list_path = "/zones/{zone}/rrsets",
    .query = "all=true",
    .list_place = "rrsets",
    .set_path = "/zones/{zone}/{name}/TXT",
    .create_method = "POST",
    .name_member = "name",
    .type_member = "type",
    .ttl_member = "ttl",
    .values_member = "resource_records",
    .value_member = "content",
    .names = dns::NameSpelling::kAbsolute,
    .shortest_ttl = std::chrono::minutes(2),
    .permissions = "a role that may edit DNS zones",
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  return dns::MakeRestSetProvider(kSets, connections::MakeRestApi(kApi, connection, deps), deps);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "gcore", .connection = "gcore", .make = Make};

}  // namespace engine::vendors::gcore
