// SPDX-License-Identifier: MPL-2.0
// Hetzner: the values of a name are one set, to which values are added and from which they are taken by calls that leave the
// other ones alone. https://docs.hetzner.cloud/reference/cloud#zone-rrset-actions
#include <algorithm>
#include <utility>

#include "base/domain_name.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/record_api.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/hetzner/vendor.h"

namespace engine::vendors::hetzner {

std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, base::TimePoint /*now*/) {
  if (response.status != 409 && response.status != 423) return std::nullopt;
  const auto answer = base::ParseJson(response.body);
  const std::string code = answer ? connections::TextAt(*answer, "error/code") : "";
  if (code != "conflict" && code != "locked") return std::nullopt;
  return std::chrono::seconds(1);
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
using dns::TxtRecord;
using dns::Zone;

// https://docs.hetzner.cloud/reference/cloud#pagination: 50 at most.
constexpr std::size_t kPageSize = 50;
constexpr std::chrono::seconds kShortestTtl{60};

// Hetzner accepts the zone's name wherever it accepts its id.
std::string SetsPath(const Zone& zone) {
  return Cat("/zones/", PercentEncode(zone.id.empty() ? dns::WithoutDot(zone.name) : zone.id), "/rrsets");
}

std::string NameIn(const Zone& zone, const TxtRecord& record) {
  std::string name = dns::RelativeName(record.fqdn, zone);
  return name.empty() ? "@" : name;
}

// A value has no id of its own; no name contains a space.
std::string IdOf(const std::string& name, const std::string& value) { return Cat(name, " ", value); }

bool HasValue(const Json& set, const std::string& value) {
  const Json* values = FindAt(set, "records");
  return values != nullptr && values->is_array() &&
         std::ranges::any_of(*values, [&](const Json& one) { return dns::UnquoteTxt(TextAt(one, "value")) == value; });
}

class HetznerRecords final : public dns::RecordApi {
 public:
  explicit HetznerRecords(connections::RestApi api) : api_(std::move(api)) {}

  Result<Zone> FindZone(const base::Call&, const Zone& zone) const override { return zone; }

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) const override {
    if (id.empty()) return std::nullopt;
    const auto answer = api_.Send(call, "GET", Cat("/zones/", PercentEncode(id)));
    const std::string name = answer ? TextAt(*answer, "zone/name") : "";
    return name.empty() ? std::nullopt : std::optional(base::Absolute(name));
  }

  Result<std::vector<std::string>> Create(const base::Call& call, const Zone& zone,
                                          std::span<const TxtRecord> records) const override {
    const TxtRecord& record = records.front();
    const std::string name = NameIn(zone, record);
    auto added = Act(call, zone, name, "add_records",
                     {{"ttl", std::max(record.ttl, kShortestTtl).count()}, {"records", ToJson(record.value)}});
    if (!added) return Explain(std::move(added).error(), zone);
    return std::vector{IdOf(name, record.value)};
  }

  Result<std::vector<std::string>> Find(const base::Call& call, const Zone& zone, const TxtRecord& record) const override {
    auto found = FindAll(call, zone, std::span(&record, 1));
    if (!found) return std::move(found).error();
    return std::move(found->front());
  }

  Result<std::vector<std::vector<std::string>>> FindAll(const base::Call& call, const Zone& zone,
                                                        std::span<const TxtRecord> records) const override {
    std::vector<std::vector<std::string>> ids(records.size());
    std::string path = Cat(SetsPath(zone), "?type=TXT&per_page=", kPageSize);
    const auto has_same_name = [&](const TxtRecord& one) { return one.fqdn == records.front().fqdn; };
    if (std::ranges::all_of(records, has_same_name)) path.append(Cat("&name=", PercentEncode(NameIn(zone, records.front()))));
    for (int page = 1;; ++page) {
      auto answer = api_.Send(call, "GET", Cat(path, "&page=", page));
      if (!answer) return Explain(std::move(answer).error(), zone);
      const Json* sets = FindAt(*answer, "rrsets");
      if (sets == nullptr || !sets->is_array())
        return Error{ErrorKind::kProtocol, "the response of Hetzner contains no list of sets"};
      for (const Json& set : *sets) {
        const std::string name = TextAt(set, "name");
        for (std::size_t i = 0; i < records.size(); ++i) {
          const bool is_there =
              name == NameIn(zone, records[i]) && TextAt(set, "type") == "TXT" && HasValue(set, records[i].value);
          if (is_there) ids[i].push_back(IdOf(name, records[i].value));
        }
      }
      if (TextAt(*answer, "meta/pagination/next_page").empty()) return ids;
    }
  }

  // A value that is there already is refused.
  bool KeepsEqualRecords() const override { return true; }

  Result<void> Delete(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const override {
    const std::size_t space = ids.front().find(' ');
    if (space == std::string::npos) return Error{ErrorKind::kInternal, "a record of Hetzner's has no name"};
    const std::string name = ids.front().substr(0, space);
    const std::string value = ids.front().substr(space + 1);
    auto removed = Act(call, zone, name, "remove_records", {{"records", ToJson(value)}});
    if (removed || removed.error().kind == ErrorKind::kNotFound) return removed;
    if (removed.error().kind != ErrorKind::kInvalid) return Explain(std::move(removed).error(), zone);
    // Refused: the caller takes a value that is no longer there for success.
    const auto found = Find(call, zone, {.fqdn = name == "@" ? zone.name : Cat(name, ".", zone.name), .value = value});
    if (found && found->empty()) return Error{ErrorKind::kNotFound, removed.error().message};
    return Explain(std::move(removed).error(), zone);
  }

 private:
  static Json ToJson(const std::string& value) { return Json::array({Json{{"value", dns::QuoteTxt(value)}}}); }

  // Accepted is enough: the solver waits until the name servers have it.
  Result<void> Act(const base::Call& call, const Zone& zone, const std::string& name, std::string_view action,
                   const Json& body) const {
    auto answer = api_.Send(call, "POST", Cat(SetsPath(zone), "/", PercentEncode(name), "/TXT/actions/", action), body);
    if (!answer) return std::move(answer).error();
    if (TextAt(*answer, "action/status") != "error") return {};
    return Error{
        .kind = ErrorKind::kUnavailable,
        .message = Cat("Hetzner could not change the set: ", base::Printable(TextAt(*answer, "action/error/message"), 200)),
        .code = TextAt(*answer, "action/error/code")};
  }

  static Error Explain(Error error, const Zone& zone) {
    if (error.kind == ErrorKind::kNotFound) {
      error.kind = ErrorKind::kInvalid;  // the zone is wrong; no record is gone
      error.message.append(Cat("; the project of the token has no zone ", zone.name));
    } else if (error.kind == ErrorKind::kDenied) {
      error.message.append("; the token needs the permission Read & Write");
    }
    return error;
  }

  connections::RestApi api_;
};

Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = connections::MakeRestApi(kApi, connection, deps);
  if (!api) return std::move(api).error();
  return dns::MakeRecordProvider(std::make_unique<HetznerRecords>(*std::move(api)), 1);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "hetzner", .connection = "hetzner", .make = Make};

}  // namespace engine::vendors::hetzner
