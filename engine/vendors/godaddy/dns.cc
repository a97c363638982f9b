// SPDX-License-Identifier: MPL-2.0
// GoDaddy: the TXT records of a domain are read in one request, all new sets are added in one, and a set that is there is
// replaced or deleted in one each. https://developer.godaddy.com/doc/endpoint/domains
#include <algorithm>
#include <utility>

#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/record_api.h"
#include "engine/dns/replaced_sets.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/godaddy/vendor.h"

namespace engine::vendors::godaddy {

std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, base::TimePoint /*now*/) {
  if (response.status != 429) return std::nullopt;
  const auto answer = base::ParseJsonObject(response.body);
  const auto seconds = answer ? base::FindInteger(*answer, "retryAfterSec") : std::nullopt;
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 1, 3600));
}

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

class GodaddySets final : public dns::ReplacedSetApi {
 public:
  explicit GodaddySets(connections::RestApi api) : api_(std::move(api)) {}

  Result<std::vector<TxtSet>> Read(const base::Call& call, const Zone& zone, std::span<const std::string> fqdns) const override {
    std::vector<TxtSet> sets;
    for (const std::string& fqdn : fqdns) sets.push_back({.fqdn = fqdn});
    for (std::size_t page = 1;; ++page) {
      auto answer = api_.Send(call, "GET", Cat(RecordsPath(zone), "/TXT?limit=", kPageSize, "&offset=", page));
      if (!answer) return std::move(answer).error();
      if (!answer->is_array()) return Error{ErrorKind::kProtocol, "the response of GoDaddy contains no list of records"};
      for (const Json& one : *answer) {
        const auto found = std::ranges::find(sets, TextAt(one, "name"), [&](const TxtSet& set) { return NameIn(zone, set); });
        if (found == sets.end()) continue;
        found->is_new = false;
        found->ttl = std::chrono::seconds(base::FindInteger(one, "ttl").value_or(0));
        found->values.push_back(dns::UnquoteTxt(TextAt(one, "data")));
      }
      if (answer->size() < kPageSize) return sets;
    }
  }

  Result<void> Write(const base::Call& call, const Zone& zone, std::span<const TxtSet> sets) const override {
    Json added = Json::array();
    for (const TxtSet& set : sets) {
      if (!set.is_new) continue;
      for (Json& one : ToJson(zone, set)) added.push_back(std::move(one));
    }
    if (!added.empty()) {
      auto answer = api_.Send(call, "PATCH", RecordsPath(zone), added);
      // Somebody else, or this very request whose answer was lost, added it.
      if (!answer && answer.error().code == "DUPLICATE_RECORD") answer.error().kind = ErrorKind::kConflict;
      if (!answer) return std::move(answer).error();
    }
    return base::TryForEachInParallel(sets.size(), dns::kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
      if (sets[i].is_new) return {};
      const std::string path = Cat(RecordsPath(zone), "/TXT/", PercentEncode(NameIn(zone, sets[i])));
      auto answer =
          sets[i].values.empty() ? api_.Send(call, "DELETE", path) : api_.Send(call, "PUT", path, ToJson(zone, sets[i]));
      const bool is_gone = !answer && sets[i].values.empty() && answer.error().kind == ErrorKind::kNotFound;
      if (answer || is_gone) return {};
      return std::move(answer).error();
    });
  }

  const connections::RestApi& api() const override { return api_; }
  std::chrono::seconds shortest_ttl() const override { return std::chrono::minutes(10); }
  std::string_view permissions() const override { return "access to the production API"; }

 private:
  static Json ToJson(const Zone& zone, const TxtSet& set) {
    Json records = Json::array();
    for (const std::string& value : set.values) {
      records.push_back({{"type", "TXT"}, {"name", NameIn(zone, set)}, {"data", value}, {"ttl", set.ttl.count()}});
    }
    return records;
  }

  connections::RestApi api_;
};

Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = MakeGodaddyApi(connection, deps);
  if (!api) return std::move(api).error();
  return dns::MakeReplacedSetProvider(std::make_unique<GodaddySets>(*std::move(api)), deps);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "godaddy", .connection = "godaddy", .make = Make};

}  // namespace engine::vendors::godaddy
