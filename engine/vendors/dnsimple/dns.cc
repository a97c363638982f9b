// SPDX-License-Identifier: MPL-2.0
// DNSimple. Several records in one request are for its Enterprise plan only. https://developer.dnsimple.com/v2/zones/records
#include "engine/dns/rest_records.h"
#include "engine/vendors/dnsimple/vendor.h"

namespace engine::vendors::dnsimple {
namespace {

constexpr dns::RestRecords kRecords{
    .path = "/zones/{zone}/records",
    .query = "type=TXT&per_page=100",
    .page = "page",
    .page_size = 100,
    .list_place = "data",
    .created_place = "data",
    .shortest_ttl = std::chrono::seconds(60),
    .permissions = "access to the zone",
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  return dns::MakeRestRecordProvider(kRecords, MakeDnsimpleApi(connection, deps));
}

}  // namespace

const dns::ProviderSpec kDns{.name = "dnsimple", .connection = "dnsimple", .make = Make};

}  // namespace engine::vendors::dnsimple
