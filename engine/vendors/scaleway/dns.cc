// SPDX-License-Identifier: MPL-2.0
// Scaleway: records have ids, and one request makes many changes. https://www.scaleway.com/en/developers/api/domains-and-dns/
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "engine/dns/record_api.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/scaleway/vendor.h"

namespace engine::vendors::scaleway {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;
using base::http::Idempotency;
using connections::FindAt;
using connections::TextAt;
using dns::TxtRecord;
using dns::Zone;
using Ids = std::vector<std::string>;

constexpr std::size_t kBatch = 100;
constexpr std::size_t kPageSize = 1000;
constexpr std::chrono::seconds kShortestTtl{60};

std::string RecordsPath(const Zone& zone) {
  return dns::FillPath("/dns-zones/{zone}/records", "{zone}", dns::WithoutDot(zone.name));
}

class ScalewayRecords final : public dns::RecordApi {
 public:
  explicit ScalewayRecords(connections::RestApi api) : api_(std::move(api)) {}

  Result<Zone> FindZone(const base::Call&, const Zone& zone) const override {
    if (zone.id.empty()) return zone;
    return Error{ErrorKind::kInvalid, Cat("\"", base::Printable(zone.id, 64),
                                          "\" is not a zone of Scaleway, where zones have no ids; write the zone's name")};
  }

  Result<Ids> Create(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records) const override {
    Json added = Json::array();
    for (const TxtRecord& one : records) {
      added.push_back({{"name", dns::RelativeName(one.fqdn, zone)},
                       {"type", "TXT"},
                       {"data", dns::QuoteTxt(one.value)},
                       {"ttl", std::max(one.ttl, kShortestTtl).count()}});
    }
    auto answer = Change(call, zone, Json::array({{{"add", {{"records", std::move(added)}}}}}), Idempotency::kOnce);
    if (!answer) return std::move(answer).error();
    std::vector<Ids> ids(records.size());
    AddIds(*answer, zone, records, ids);
    Ids created;
    for (const Ids& those : ids) {
      if (those.empty()) return Error{ErrorKind::kProtocol, "the response of Scaleway lacks the id of a record"};
      created.push_back(those.front());
    }
    return created;
  }

  Result<Ids> Find(const base::Call& call, const Zone& zone, const TxtRecord& record) const override {
    auto found = FindAll(call, zone, std::span(&record, 1));
    if (!found) return std::move(found).error();
    return std::move(found->front());
  }

  Result<std::vector<Ids>> FindAll(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records) const override {
    std::vector<Ids> ids(records.size());
    for (int page = 1;; ++page) {
      auto answer = api_.Send(call, "GET", Cat(RecordsPath(zone), "?type=TXT&page_size=", kPageSize, "&page=", page));
      if (!answer) return Explain(std::move(answer).error(), zone);
      const Json* list = FindAt(*answer, "records");
      if (list == nullptr || !list->is_array()) return Error{ErrorKind::kProtocol, "the response of Scaleway contains no list"};
      AddIds(*answer, zone, records, ids);
      if (list->size() < kPageSize) return ids;
    }
  }

  bool KeepsEqualRecords() const override { return true; }

  Result<void> Delete(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const override {
    Json changes = Json::array();
    for (const std::string& id : ids) changes.push_back({{"delete", {{"id", id}}}});
    auto answer = Change(call, zone, std::move(changes), Idempotency::kSafe);
    if (!answer) return std::move(answer).error();
    return {};
  }

 private:
  Result<Json> Change(const base::Call& call, const Zone& zone, Json changes, Idempotency idempotency) const {
    const Json body{{"return_all_records", false}, {"disallow_new_zone_creation", true}, {"changes", std::move(changes)}};
    auto answer = api_.Send(call, "PATCH", RecordsPath(zone), body, {}, idempotency);
    if (!answer) return Explain(std::move(answer).error(), zone);
    return answer;
  }

  // The ids of the records in an answer, for each of `records` that is among them.
  static void AddIds(const Json& answer, const Zone& zone, std::span<const TxtRecord> records, std::vector<Ids>& ids) {
    const Json* list = FindAt(answer, "records");
    if (list == nullptr || !list->is_array()) return;
    for (const Json& one : *list) {
      const std::string id = TextAt(one, "id");
      if (id.empty() || TextAt(one, "type") != "TXT") continue;
      const std::string name = TextAt(one, "name");
      const std::string value = dns::UnquoteTxt(TextAt(one, "data"));
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (name == dns::RelativeName(records[i].fqdn, zone) && value == records[i].value) ids[i].push_back(id);
      }
    }
  }

  static Error Explain(Error error, const Zone& zone) {
    if (error.kind != ErrorKind::kDenied) return error;
    // A zone that is not there is refused like one that is somebody else's.
    if (error.message.find("domain not found") != std::string::npos) {
      error.kind = ErrorKind::kInvalid;
      error.message.append(Cat("; the account has no zone ", zone.name));
    } else {
      error.message.append("; the API key needs the permission set DomainsDNSFullAccess");
    }
    return error;
  }

  connections::RestApi api_;
};

Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = connections::MakeRestApi(kApi, connection, deps);
  if (!api) return std::move(api).error();
  return dns::MakeRecordProvider(std::make_unique<ScalewayRecords>(*std::move(api)), kBatch);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "scaleway", .connection = "scaleway", .make = Make};

}  // namespace engine::vendors::scaleway
