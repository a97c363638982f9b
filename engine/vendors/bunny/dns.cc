// SPDX-License-Identifier: MPL-2.0
// bunny.net: types are numbers, and a zone shows all of its records. https://docs.bunny.net/api-reference/core/dns-zone
#include "engine/dns/rest_records.h"
#include "engine/vendors/bunny/vendor.h"

namespace engine::vendors::bunny {
namespace {

constexpr dns::RestRecords kRecords{
    .zones = {.list = "/dnszone?page=1&perPage=1000&search={name}",
              .list_place = "Items",
              .one = "/dnszone/{zone}",
              .id_member = "Id",
              .name_member = "Domain"},
    .path = "/dnszone/{zone}/records",
    .list_path = "/dnszone/{zone}",
    .create_method = "PUT",
    .list_place = "Records",
    .id_member = "Id",
    .name_member = "Name",
    .value_member = "Value",
    .ttl_member = "Ttl",
    .type_member = "Type",
    .type_number = 3,
    .shortest_ttl = std::chrono::seconds(15),
    .permissions = "the right to manage DNS zones",
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  return dns::MakeRestRecordProvider(kRecords, connections::MakeRestApi(kApi, connection, deps));
}

}  // namespace

const dns::ProviderSpec kDns{.name = "bunny", .connection = "bunny", .make = Make};

}  // namespace engine::vendors::bunny
