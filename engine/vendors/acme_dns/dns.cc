// SPDX-License-Identifier: MPL-2.0
// acme-dns: an account is one name that keeps the last two values. There is no removal: values go when newer ones come.
#include <set>
#include <utility>

#include "base/http/api_error.h"
#include "base/text.h"
#include "engine/dns/provider.h"
#include "engine/vendors/acme_dns/connection.h"
#include "engine/vendors/acme_dns/vendor.h"

namespace engine::vendors::acme_dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using dns::PlacedRecord;
using dns::Provider;
using dns::ProviderSpec;
using dns::TxtRecord;
using dns::Zone;

constexpr std::size_t kKept = 2;

class AcmeDnsProvider final : public Provider {
 public:
  explicit AcmeDnsProvider(AcmeDns account) : account_(std::move(account)) {}

  // One after another: of values that arrive at once one might push out the other.
  Result<void> Place(const base::Call& call, const Zone&, std::span<const TxtRecord> records,
                     std::vector<PlacedRecord>& placed) override {
    if (auto fine = CheckFit(records); !fine) return fine;
    std::set<std::string> sent;
    for (const TxtRecord& record : records) {
      Result<void> updated;
      if (sent.insert(record.value).second) updated = account_.Update(call, record.value);
      if (updated || base::http::MayHaveActed(updated.error())) {
        placed.push_back({.zone_id = {}, .record_id = {}, .record = record});
      }
      if (!updated) return std::move(updated).error().While(Cat("updating ", account_.full_domain()));
    }
    return {};
  }

  Result<void> Remove(const base::Call&, const Zone&, std::span<const PlacedRecord>) override { return {}; }

 private:
  Result<void> CheckFit(std::span<const TxtRecord> records) const {
    std::set<std::string> values;
    for (const TxtRecord& record : records) {
      if (record.fqdn != account_.full_domain()) {
        return Error{ErrorKind::kInvalid,
                     Cat("this acme-dns account is ", account_.full_domain(), " and cannot take a value for ", record.fqdn,
                         "; make the record ", record.fqdn, " CNAME ", account_.full_domain())};
      }
      values.insert(record.value);
    }
    if (values.size() <= kKept) return {};
    return Error{ErrorKind::kInvalid,
                 Cat("an acme-dns account keeps ", kKept, " values, but this order needs ", values.size(), " at ",
                     account_.full_domain(), "; register an account for each name and its wildcard")};
  }

  AcmeDns account_;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto account = MakeAcmeDns(connection, deps);
  if (!account) return std::move(account).error();
  return std::unique_ptr<Provider>(std::make_unique<AcmeDnsProvider>(*std::move(account)));
}

}  // namespace

const ProviderSpec kDns{.name = "acme_dns", .connection = "acme_dns", .make = Make};

}  // namespace engine::vendors::acme_dns
