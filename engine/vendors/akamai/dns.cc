// SPDX-License-Identifier: MPL-2.0
// Akamai Edge DNS: sets are read in one request and written in one each, one after another: Akamai refuses a change of a zone
// while another is under way. https://techdocs.akamai.com/edge-dns/reference/api
#include <utility>

#include "engine/dns/rest_sets.h"
#include "engine/vendors/akamai/vendor.h"

namespace engine::vendors::akamai {
namespace {

constexpr dns::RestSets kSets{
    .list_path = "/zones/{zone}/recordsets",
    .query = "types=TXT&showAll=true",
    .list_place = "recordsets",
    .set_path = "/zones/{zone}/names/{name}/types/TXT",
    .create_method = "POST",
    .name_member = "name",
    .type_member = "type",
    .ttl_member = "ttl",
    .values_member = "rdata",
    .names = dns::NameSpelling::kAbsolute,
    .quotes_values = true,
    .writes_whole_sets = true,
    .one_at_a_time = true,
    .shortest_ttl = std::chrono::seconds(60),
    .permissions = "an API client with READ-WRITE access to DNS—Zone Record Management",
};

// Keeps the transport of its requests.
class AkamaiProvider final : public dns::Provider {
 public:
  AkamaiProvider(SignedApi made, const connections::Deps& deps)
      : transport_(std::move(made.transport)), sets_(*dns::MakeRestSetProvider(kSets, std::move(made.api), deps)) {}

  base::Result<void> Place(const base::Call& call, const dns::Zone& zone, std::span<const dns::TxtRecord> records,
                           std::vector<dns::PlacedRecord>& placed) override {
    return sets_->Place(call, zone, records, placed);
  }
  base::Result<void> Remove(const base::Call& call, const dns::Zone& zone, std::span<const dns::PlacedRecord> records) override {
    return sets_->Remove(call, zone, records);
  }
  base::Result<void> AwaitServed(const base::Call& call, std::span<const dns::PlacedRecord> records) override {
    return sets_->AwaitServed(call, records);
  }

 private:
  std::unique_ptr<EdgeGridTransport> transport_;
  std::unique_ptr<dns::Provider> sets_;
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto made = MakeSignedApi(connection, deps);
  if (!made) return std::move(made).error();
  return std::unique_ptr<dns::Provider>(std::make_unique<AkamaiProvider>(*std::move(made), deps));
}

}  // namespace

const dns::ProviderSpec kDns{.name = "akamai", .connection = "akamai", .make = Make};

}  // namespace engine::vendors::akamai
