// SPDX-License-Identifier: MPL-2.0
// Gandi: sets are read in one request and written in one each. https://api.gandi.net/docs/livedns/
#include <algorithm>
#include <utility>

#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/record_api.h"
#include "engine/dns/replaced_sets.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/gandi/vendor.h"

namespace engine::vendors::gandi {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::PercentEncode;
using base::Result;
using connections::TextAt;
using dns::TxtSet;
using dns::Zone;

constexpr std::size_t kPageSize = 500;

std::string RecordsPath(const Zone& zone) { return Cat("/domains/", PercentEncode(dns::WithoutDot(zone.name)), "/records"); }

std::string NameIn(const Zone& zone, const TxtSet& set) {
  std::string name = dns::RelativeName(set.fqdn, zone);
  return name.empty() ? "@" : name;
}

class GandiSets final : public dns::ReplacedSetApi {
 public:
  explicit GandiSets(connections::RestApi api) : api_(std::move(api)) {}

  Result<std::vector<TxtSet>> Read(const base::Call& call, const Zone& zone, std::span<const std::string> fqdns) const override {
    std::vector<TxtSet> sets;
    for (const std::string& fqdn : fqdns) sets.push_back({.fqdn = fqdn});
    for (int page = 1;; ++page) {
      auto answer = api_.Send(call, "GET", Cat(RecordsPath(zone), "?rrset_type=TXT&per_page=", kPageSize, "&page=", page));
      if (!answer) return std::move(answer).error();
      if (!answer->is_array()) return Error{ErrorKind::kProtocol, "the response of Gandi contains no list of records"};
      for (const Json& one : *answer) {
        const auto found =
            std::ranges::find(sets, TextAt(one, "rrset_name"), [&](const TxtSet& set) { return NameIn(zone, set); });
        if (found == sets.end() || TextAt(one, "rrset_type") != "TXT") continue;
        found->is_new = false;
        found->ttl = std::chrono::seconds(base::FindInteger(one, "rrset_ttl").value_or(0));
        for (const std::string& value : base::FindStrings(one, "rrset_values")) found->values.push_back(dns::UnquoteTxt(value));
      }
      if (answer->size() < kPageSize) return sets;
    }
  }

  Result<void> Write(const base::Call& call, const Zone& zone, std::span<const TxtSet> sets) const override {
    return base::TryForEachInParallel(sets.size(), dns::kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
      const TxtSet& set = sets[i];
      const std::string path = Cat(RecordsPath(zone), "/", PercentEncode(NameIn(zone, set)), "/TXT");
      Json values = Json::array();
      for (const std::string& value : set.values) values.push_back(dns::QuoteTxt(value));
      auto answer = set.values.empty()
                        ? api_.Send(call, "DELETE", path)
                        : api_.Send(call, "PUT", path, {{"rrset_ttl", set.ttl.count()}, {"rrset_values", std::move(values)}});
      const bool is_gone = !answer && set.values.empty() && answer.error().kind == ErrorKind::kNotFound;
      if (answer || is_gone) return {};
      return std::move(answer).error();
    });
  }

  const connections::RestApi& api() const override { return api_; }
  std::chrono::seconds shortest_ttl() const override { return std::chrono::minutes(5); }
  std::string_view permissions() const override { return "the permission to manage the technical configuration of domains"; }

 private:
  connections::RestApi api_;
};

Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = connections::MakeRestApi(kApi, connection, deps);
  if (!api) return std::move(api).error();
  return dns::MakeReplacedSetProvider(std::make_unique<GandiSets>(*std::move(api)), deps);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "gandi", .connection = "gandi", .make = Make};

}  // namespace engine::vendors::gandi
