// SPDX-License-Identifier: MPL-2.0
// NS1: all sets are read with the zone and written in one request each. Answers of others keep what they carry besides the value.
// https://developer.ibm.com/apis/catalog/ns1--ibm-ns1-connect-api
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/record_api.h"
#include "engine/dns/replaced_sets.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/ns1/vendor.h"

namespace engine::vendors::ns1 {

std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, base::TimePoint /*now*/) {
  const auto read = [&](std::string_view header, int fallback) {
    const auto text = response.Find(header);
    int value = 0;
    const bool is_number = text && std::from_chars(text->data(), text->data() + text->size(), value).ec == std::errc();
    return is_number && value > 0 ? value : fallback;
  };
  if (response.status != 429 && response.Find("x-ratelimit-remaining") != "0") return std::nullopt;
  const int limit = read("x-ratelimit-limit", 1);
  const int period = std::min(read("x-ratelimit-period", 1), 3600);
  return std::chrono::seconds((period + limit - 1) / limit);
}

namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::PercentEncode;
using base::Result;
using connections::FindAt;
using connections::TextAt;
using dns::TxtSet;
using dns::Zone;

std::string ZonePath(const Zone& zone) { return Cat("/zones/", PercentEncode(dns::WithoutDot(zone.name))); }

class Ns1Sets final : public dns::ReplacedSetApi {
 public:
  explicit Ns1Sets(connections::RestApi api) : api_(std::move(api)) {}

  Result<std::vector<TxtSet>> Read(const base::Call& call, const Zone& zone, std::span<const std::string> fqdns) const override {
    auto answer = api_.Send(call, "GET", ZonePath(zone));
    if (!answer) return std::move(answer).error();
    const Json* records = FindAt(*answer, "records");
    if (records == nullptr || !records->is_array())
      return Error{ErrorKind::kProtocol, "the response of NS1 contains no list of records"};
    std::vector<TxtSet> sets;
    for (const std::string& fqdn : fqdns) sets.push_back({.fqdn = fqdn});
    for (const Json& one : *records) {
      const auto found = std::ranges::find(sets, Cat(TextAt(one, "domain"), "."), &TxtSet::fqdn);
      if (found == sets.end() || TextAt(one, "type") != "TXT") continue;
      found->is_new = false;
      found->ttl = std::chrono::seconds(base::FindInteger(one, "ttl").value_or(0));
      for (const std::string& value : base::FindStrings(one, "short_answers")) found->values.push_back(dns::UnquoteTxt(value));
    }
    return sets;
  }

  Result<void> Write(const base::Call& call, const Zone& zone, std::span<const TxtSet> sets) const override {
    return base::TryForEachInParallel(sets.size(), dns::kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
      const std::string path = Cat(ZonePath(zone), "/", PercentEncode(dns::WithoutDot(sets[i].fqdn)), "/TXT");
      if (!sets[i].values.empty()) return WriteSet(call, path, sets[i], zone);
      auto deleted = api_.Send(call, "DELETE", path);
      if (deleted || deleted.error().kind == ErrorKind::kNotFound) return {};
      return std::move(deleted).error();
    });
  }

  const connections::RestApi& api() const override { return api_; }
  std::chrono::seconds shortest_ttl() const override { return std::chrono::seconds(60); }
  std::string_view permissions() const override { return "the permission Manage zones"; }

 private:
  // A creation is refused if the set is there, and a change if it is not.
  static Result<void> Done(Result<Json> answer) {
    if (answer) return {};
    Error error = std::move(answer).error();
    const bool exists = error.kind == ErrorKind::kInvalid && error.message.find("already exists") != std::string::npos;
    if (exists || error.kind == ErrorKind::kNotFound) error.kind = ErrorKind::kConflict;
    return error;
  }

  // A set that is there is read whole, since its answers may have filters, regions, and notes, which stay.
  Result<void> WriteSet(const base::Call& call, const std::string& path, const TxtSet& set, const Zone& zone) const {
    if (set.is_new) {
      Json answers = Json::array();
      for (const std::string& value : set.values) answers.push_back(ToJson(value));
      const std::string domain = dns::WithoutDot(set.fqdn);
      return Done(api_.Send(call, "PUT", path,
                            {{"zone", dns::WithoutDot(zone.name)},
                             {"domain", domain},
                             {"type", "TXT"},
                             {"ttl", set.ttl.count()},
                             {"answers", std::move(answers)}}));
    }
    auto whole = api_.Send(call, "GET", path);
    if (!whole) return Done(std::move(whole));
    const Json* found = FindAt(*whole, "answers");
    Json answers = Json::array();
    std::vector<std::string> missing = set.values;
    for (const Json& one : found == nullptr ? Json::array() : *found) {
      if (std::erase(missing, ValueOf(one)) != 0) answers.push_back(one);
    }
    for (const std::string& value : missing) answers.push_back(ToJson(value));
    return Done(api_.Send(call, "POST", path, {{"answers", std::move(answers)}}));
  }

  static Json ToJson(const std::string& value) { return {{"answer", Json::array({value})}}; }

  static std::string ValueOf(const Json& answer) {
    std::string value;
    for (const std::string& part : base::FindStrings(answer, "answer")) value.append(dns::UnquoteTxt(part));
    return value;
  }

  connections::RestApi api_;
};

Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = connections::MakeRestApi(kApi, connection, deps);
  if (!api) return std::move(api).error();
  return dns::MakeReplacedSetProvider(std::make_unique<Ns1Sets>(*std::move(api)), deps);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "ns1", .connection = "ns1", .make = Make};

}  // namespace engine::vendors::ns1
