// SPDX-License-Identifier: MPL-2.0
// OVHcloud: one request per record, and one that puts all changes of the zone into effect. It keeps equal records side by side,
// and lists ids without what they stand for. https://eu.api.ovh.com/console/?section=%2Fdomain
#include <algorithm>
#include <utility>

#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/record_api.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/ovh/connection.h"
#include "engine/vendors/ovh/vendor.h"

namespace engine::vendors::ovh {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindString;
using base::Json;
using base::PercentEncode;
using base::Result;
using dns::kMaxConcurrentRequests;
using dns::TxtRecord;
using dns::Zone;

// Of records that are put into effect together.
constexpr std::size_t kBatch = 100;
constexpr std::chrono::seconds kShortestTtl{60};

std::string ZonePath(const Zone& zone) { return Cat("/domain/zone/", PercentEncode(dns::WithoutDot(zone.name))); }

class OvhRecords final : public dns::RecordApi {
 public:
  explicit OvhRecords(OvhApi api) : api_(std::move(api)) {}

  Result<Zone> FindZone(const base::Call&, const Zone& zone) const override {
    if (zone.id.empty()) return zone;
    return Error{ErrorKind::kInvalid, Cat("\"", base::Printable(zone.id, 64),
                                          "\" is not a zone of OVHcloud, where zones have no ids; write the zone's name")};
  }

  Result<std::vector<std::string>> Create(const base::Call& call, const Zone& zone,
                                          std::span<const TxtRecord> records) const override {
    std::vector<std::string> ids(records.size());
    auto created = base::TryForEachInParallel(records.size(), kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
      const TxtRecord& record = records[i];
      const Json body{{"fieldType", "TXT"},
                      {"subDomain", dns::RelativeName(record.fqdn, zone)},
                      {"target", record.value},
                      {"ttl", std::max(record.ttl, kShortestTtl).count()}};
      const auto answer = api_.Send(call, "POST", Cat(ZonePath(zone), "/record"), body);
      if (!answer) return answer.error();
      const auto id = base::FindInteger(*answer, "id");
      if (!id) return Error{ErrorKind::kProtocol, "the response of OVHcloud lacks the id of the record"};
      ids[i] = Cat(*id);
      return {};
    });
    if (created) created = Refresh(call, zone);
    if (created) return ids;
    Withdraw(call, zone, ids);
    return Explain(std::move(created).error(), zone);
  }

  Result<std::vector<std::string>> Find(const base::Call& call, const Zone& zone, const TxtRecord& record) const override {
    const std::string name = dns::RelativeName(record.fqdn, zone);
    auto listed = api_.Send(call, "GET", Cat(ZonePath(zone), "/record?fieldType=TXT&subDomain=", PercentEncode(name)));
    if (!listed) return Explain(std::move(listed).error(), zone);
    if (!listed->is_array()) return Error{ErrorKind::kProtocol, "the response of OVHcloud contains no list of records"};
    std::vector<std::string> ids;
    for (const Json& one : *listed) {
      if (!one.is_number_integer()) continue;
      std::string id = Cat(one.get<std::int64_t>());
      auto found = api_.Send(call, "GET", Cat(ZonePath(zone), "/record/", id));
      if (!found && found.error().kind == ErrorKind::kNotFound) continue;
      if (!found) return Explain(std::move(found).error(), zone);
      const bool is_equal = FindString(*found, "subDomain").value_or("") == name &&
                            dns::UnquoteTxt(FindString(*found, "target").value_or("")) == record.value;
      if (is_equal) ids.push_back(std::move(id));
    }
    return ids;
  }

  bool KeepsEqualRecords() const override { return true; }

  // What is gone already does not keep the others from being deleted.
  Result<void> Delete(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const override {
    auto deleted = base::TryForEachInParallel(ids.size(), kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
      auto answer = api_.Send(call, "DELETE", Cat(ZonePath(zone), "/record/", PercentEncode(ids[i])));
      if (answer || answer.error().kind == ErrorKind::kNotFound) return {};
      return std::move(answer).error();
    });
    if (deleted) deleted = Refresh(call, zone);
    return deleted ? deleted : Explain(std::move(deleted).error(), zone);
  }

 private:
  // Until then the name servers know of no change.
  Result<void> Refresh(const base::Call& call, const Zone& zone) const {
    auto answer = api_.Send(call, "POST", Cat(ZonePath(zone), "/refresh"));
    if (!answer) return std::move(answer).error().While(Cat("putting the changes of ", zone.name, " into effect"));
    return {};
  }

  void Withdraw(const base::Call& call, const Zone& zone, const std::vector<std::string>& ids) const {
    for (const std::string& id : ids) {
      if (id.empty()) continue;
      if (auto gone = api_.Send(call, "DELETE", Cat(ZonePath(zone), "/record/", id)); !gone) {
        call.log.Warn("a record was not withdrawn", {{base::key::kZone, zone.name}, {base::key::kError, gone.error().message}});
      }
    }
  }

  static Error Explain(Error error, const Zone& zone) {
    if (error.kind == ErrorKind::kNotFound) {
      error.kind = ErrorKind::kInvalid;  // the zone is wrong; no record is gone
      error.message.append(Cat("; the account has no zone ", zone.name));
    } else if (error.kind == ErrorKind::kDenied) {
      error.message.append(Cat("; the consumer key needs GET, POST, and DELETE for ", ZonePath(zone), "/*"));
    }
    return error;
  }

  OvhApi api_;
};

Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = MakeOvhApi(connection, deps);
  if (!api) return std::move(api).error();
  return dns::MakeRecordProvider(std::make_unique<OvhRecords>(*std::move(api)), kBatch);
}

}  // namespace

const dns::ProviderSpec kDns{.name = "ovh", .connection = "ovh", .make = Make};

}  // namespace engine::vendors::ovh
