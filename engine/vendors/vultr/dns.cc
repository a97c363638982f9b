// SPDX-License-Identifier: MPL-2.0
// Vultr. https://www.vultr.com/api/#tag/dns
#include "engine/dns/rest_records.h"
#include "engine/vendors/vultr/vendor.h"

namespace engine::vendors::vultr {
namespace {

constexpr dns::RestRecords kRecords{
    .path = "/domains/{zone}/records",
    .query = "per_page=500",
    .cursor_place = "meta/links/next",
    .page_size = 500,
    .list_place = "records",
    .created_place = "record",
    .value_member = "data",
    .quotes_values = true,
    .shortest_ttl = std::chrono::seconds(60),
    .permissions = "the permission Manage DNS, and access from this machine's address (Access Control of the API key)",
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  return dns::MakeRestRecordProvider(kRecords, connections::MakeRestApi(kApi, connection, deps));
}

}  // namespace

const dns::ProviderSpec kDns{.name = "vultr", .connection = "vultr", .make = Make};

}  // namespace engine::vendors::vultr
