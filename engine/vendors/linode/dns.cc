// SPDX-License-Identifier: MPL-2.0
// Linode's DNS manager. https://techdocs.akamai.com/linode-api/reference/post-domain-record
#include "engine/dns/rest_records.h"
#include "engine/vendors/linode/vendor.h"

namespace engine::vendors::linode {
namespace {

constexpr dns::RestRecords kRecords{
    .zones = {.list = "/domains?page_size=100",
              .filter = R"({"domain": "{name}"})",
              .list_place = "data",
              .one = "/domains/{zone}",
              .name_member = "domain"},
    .path = "/domains/{zone}/records",
    .query = "page_size=500",
    .page = "page",
    .page_size = 500,
    .list_place = "data",
    .value_member = "target",
    .ttl_member = "ttl_sec",
    .shortest_ttl = std::chrono::seconds(30),  // Linode rounds to the nearest of its steps: 30, 120, 300, …
    .permissions = "the scope domains:read_write",
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  return dns::MakeRestRecordProvider(kRecords, connections::MakeRestApi(kApi, connection, deps));
}

}  // namespace

const dns::ProviderSpec kDns{.name = "linode", .connection = "linode", .make = Make};

}  // namespace engine::vendors::linode
