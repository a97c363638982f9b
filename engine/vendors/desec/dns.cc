// SPDX-License-Identifier: MPL-2.0
// deSEC: sets are read in one request and written in one. https://desec.readthedocs.io/en/latest/dns/rrsets.html
#include <algorithm>
#include <utility>

#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/record_api.h"
#include "engine/dns/replaced_sets.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/desec/vendor.h"

namespace engine::vendors::desec {
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

std::string SetsPath(const Zone& zone) { return Cat("/domains/", PercentEncode(dns::WithoutDot(zone.name)), "/rrsets/"); }

std::string NameIn(const Zone& zone, const TxtSet& set) { return dns::RelativeName(set.fqdn, zone); }

class DesecSets final : public dns::ReplacedSetApi {
 public:
  explicit DesecSets(connections::RestApi api) : api_(std::move(api)) {}

  Result<std::vector<TxtSet>> Read(const base::Call& call, const Zone& zone, std::span<const std::string> fqdns) const override {
    std::vector<TxtSet> sets;
    for (const std::string& fqdn : fqdns) sets.push_back({.fqdn = fqdn});
    auto read = sets.size() == 1 ? ReadInto(call, zone, Cat("&subname=", PercentEncode(NameIn(zone, sets.front()))), sets)
                                 : ReadInto(call, zone, "", sets);
    if (!read && read.error().kind == ErrorKind::kInvalid && sets.size() > 1) {
      // More than 500 sets come in pages only; these few are read one by one.
      for (std::size_t i = 0; i < sets.size(); ++i) {
        read = ReadInto(call, zone, Cat("&subname=", PercentEncode(NameIn(zone, sets[i]))), sets);
        if (!read) break;
      }
    }
    if (!read) return std::move(read).error();
    return sets;
  }

  Result<void> Write(const base::Call& call, const Zone& zone, std::span<const TxtSet> sets) const override {
    Json body = Json::array();
    for (const TxtSet& set : sets) {
      Json values = Json::array();
      for (const std::string& value : set.values) values.push_back(dns::QuoteTxt(value));
      body.push_back({{"subname", NameIn(zone, set)}, {"type", "TXT"}, {"ttl", set.ttl.count()}, {"records", std::move(values)}});
    }
    auto answer = api_.Send(call, "PATCH", SetsPath(zone), body);
    if (!answer) return std::move(answer).error();
    return {};
  }

  const connections::RestApi& api() const override { return api_; }
  std::chrono::seconds shortest_ttl() const override { return std::chrono::hours(1); }
  std::string_view permissions() const override { return "a policy with perm_write"; }

 private:
  Result<void> ReadInto(const base::Call& call, const Zone& zone, std::string_view filter, std::vector<TxtSet>& sets) const {
    const auto answer = api_.Send(call, "GET", Cat(SetsPath(zone), "?type=TXT", filter));
    if (!answer) return answer.error();
    if (!answer->is_array()) return Error{ErrorKind::kProtocol, "the response of deSEC contains no list of sets"};
    for (const Json& one : *answer) {
      const auto found = std::ranges::find(sets, TextAt(one, "subname"), [&](const TxtSet& set) { return NameIn(zone, set); });
      if (found == sets.end() || TextAt(one, "type") != "TXT") continue;
      found->is_new = false;
      found->ttl = std::chrono::seconds(base::FindInteger(one, "ttl").value_or(0));
      for (const std::string& value : base::FindStrings(one, "records")) found->values.push_back(dns::UnquoteTxt(value));
    }
    return {};
  }

  connections::RestApi api_;
};

Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = connections::MakeRestApi(kApi, connection, deps);
  if (!api) return std::move(api).error();
  return dns::MakeReplacedSetProvider(std::make_unique<DesecSets>(*std::move(api)), deps);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "desec", .connection = "desec", .make = Make};

}  // namespace engine::vendors::desec
