// SPDX-License-Identifier: MPL-2.0
// Gandi: sets are read in one request and written in one each. https://api.gandi.net/docs/livedns/
#include "engine/dns/rest_sets.h"
#include "engine/vendors/gandi/vendor.h"

namespace engine::vendors::gandi {
namespace {

constexpr dns::RestSets kSets{
    .list_path = "/domains/{zone}/records",
    .query = "rrset_type=TXT&per_page=500",
    .page = "page",
    .set_path = "/domains/{zone}/records/{name}/TXT",
    .name_member = "rrset_name",
    .type_member = "rrset_type",
    .ttl_member = "rrset_ttl",
    .values_member = "rrset_values",
    .apex = "@",
    .quotes_values = true,
    .shortest_ttl = std::chrono::minutes(5),
    .permissions = "the permission to manage the technical configuration of domains",
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  return dns::MakeRestSetProvider(kSets, connections::MakeRestApi(kApi, connection, deps), deps);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "gandi", .connection = "gandi", .make = Make};

}  // namespace engine::vendors::gandi
