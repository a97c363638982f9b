// SPDX-License-Identifier: MPL-2.0
// IONOS: names are absolute, and a creation takes a list. https://developer.hosting.ionos.com/docs/dns
#include "engine/dns/rest_records.h"
#include "engine/vendors/ionos/vendor.h"

namespace engine::vendors::ionos {
namespace {

constexpr dns::RestRecords kRecords{
    .zones = {.list = "/zones", .one = "/zones/{zone}"},
    .path = "/zones/{zone}/records",
    .list_path = "/zones/{zone}",
    .query = "recordType=TXT",
    .list_place = "records",
    .created_place = "0",
    .written_names = dns::NameSpelling::kAbsolute,
    .read_names = dns::NameSpelling::kAbsolute,
    .creates_lists = true,
    .shortest_ttl = std::chrono::seconds(60),
    .permissions = "access to the DNS of the contract that has the domain",
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  return dns::MakeRestRecordProvider(kRecords, connections::MakeRestApi(kApi, connection, deps));
}

}  // namespace

const dns::ProviderSpec kDns{.name = "ionos", .connection = "ionos", .make = Make};

}  // namespace engine::vendors::ionos
