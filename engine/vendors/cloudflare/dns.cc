// SPDX-License-Identifier: MPL-2.0
// Cloudflare: all records of a zone in one batch call, which does all or nothing.
// https://developers.cloudflare.com/api/resources/dns/subresources/records
#include <algorithm>
#include <utility>

#include "base/domain_name.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_api.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/cloudflare/connection.h"
#include "engine/vendors/cloudflare/vendor.h"

namespace engine::vendors::cloudflare {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::Json;
using base::Result;
using dns::MakeRecordProvider;
using dns::Provider;
using dns::ProviderSpec;
using dns::QuoteTxt;
using dns::RecordApi;
using dns::TxtRecord;
using dns::UnquoteTxt;
using dns::WithoutDot;
using dns::Zone;

// Of the free plan; the others take more.
constexpr std::size_t kBatch = 200;
// Of all plans but the enterprise's.
constexpr std::chrono::seconds kShortestTtl{60};
constexpr int kRecordsPerPage = 100;

bool IsZoneId(std::string_view id) {
  return id.size() == 32 &&
         std::all_of(id.begin(), id.end(), [](char one) { return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f'); });
}

std::string RecordsPath(const Zone& zone) { return Cat("/zones/", zone.id, "/dns_records"); }

Json ToJson(const TxtRecord& record) {
  return {{"type", "TXT"},
          {"name", WithoutDot(record.fqdn)},
          {"content", QuoteTxt(record.value)},
          {"ttl", std::max(record.ttl, kShortestTtl).count()}};
}

bool IsEqual(const Json& found, const TxtRecord& record) {
  const auto name = FindString(found, "name");
  const auto content = FindString(found, "content");
  return name && content && base::EqualsIgnoreCase(*name, WithoutDot(record.fqdn)) && UnquoteTxt(*content) == record.value;
}

class CloudflareRecords final : public RecordApi {
 public:
  explicit CloudflareRecords(CloudflareApi api) : api_(std::move(api)) {}

  Result<Zone> FindZone(const base::Call& call, const Zone& zone) const override {
    if (IsZoneId(zone.id)) return zone;
    if (!zone.id.empty()) {
      return Error{ErrorKind::kInvalid, Cat("\"", base::Printable(zone.id, 64),
                                            "\" is no zone of Cloudflare's: write its name, or "
                                            "its id of 32 hexadecimal digits")};
    }
    const std::string name = WithoutDot(zone.name);
    auto reply = api_.Send(call, "GET", Cat("/zones?name=", base::PercentEncode(name), "&per_page=50"));
    if (!reply && reply.error().kind == ErrorKind::kDenied) {
      return std::move(reply).error().While(Cat(
          "looking up the zone ", zone.name, " (a token that may not list zones works with the zone's id instead of its name)"));
    }
    if (!reply) return std::move(reply).error().While(Cat("looking up the zone ", zone.name));
    return ChooseZone(zone, *reply);
  }

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) const override {
    if (!IsZoneId(id)) return std::nullopt;
    const auto reply = api_.Send(call, "GET", Cat("/zones/", id));
    const Json* result = reply ? FindMember(*reply, "result") : nullptr;
    const auto name = result == nullptr ? std::nullopt : FindString(*result, "name");
    return name ? std::optional(base::Absolute(*name)) : std::nullopt;
  }

  Result<std::vector<std::string>> Create(const base::Call& call, const Zone& zone,
                                          std::span<const TxtRecord> records) const override {
    auto created = Post(call, zone, records);
    if (!created) return Explain(std::move(created).error(), zone);
    std::vector<std::string> ids;
    for (const TxtRecord& record : records) {
      const auto found = std::find_if(created->begin(), created->end(), [&](const Json& one) { return IsEqual(one, record); });
      if (found == created->end()) return Withdraw(call, zone, *created, record);
      ids.push_back(FindString(*found, "id").value_or(""));
    }
    return ids;
  }

  Result<std::vector<std::string>> Find(const base::Call& call, const Zone& zone, const TxtRecord& record) const override {
    std::vector<std::string> ids;
    const std::string path = Cat(RecordsPath(zone), "?type=TXT&name=", base::PercentEncode(WithoutDot(record.fqdn)),
                                 "&per_page=", kRecordsPerPage, "&page=");
    for (int page = 1;; ++page) {
      auto reply = api_.Send(call, "GET", Cat(path, page));
      if (!reply) return Explain(std::move(reply).error(), zone);
      const Json* result = FindMember(*reply, "result");
      if (result == nullptr || !result->is_array())
        return Error{ErrorKind::kProtocol, "the response of Cloudflare contains no list of records"};
      for (const Json& one : *result) {
        const auto id = FindString(one, "id");
        if (id && IsEqual(one, record)) ids.push_back(*id);
      }
      if (result->size() < kRecordsPerPage) return ids;
    }
  }

  Result<void> Delete(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const override {
    Json deletes = Json::array();
    for (const std::string& id : ids) deletes.push_back({{"id", id}});
    auto reply = ids.size() == 1 ? api_.Send(call, "DELETE", Cat(RecordsPath(zone), "/", base::PercentEncode(ids.front())))
                                 : api_.Send(call, "POST", Cat(RecordsPath(zone), "/batch"), {{"deletes", std::move(deletes)}});
    if (reply) return {};
    // No such record: it is gone already. A mere 404 does not say that.
    if (reply.error().code == "81044") return std::move(reply).error();
    return Explain(std::move(reply).error(), zone);
  }

 private:
  // The records as they now are.
  Result<std::vector<Json>> Post(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records) const {
    Json posts = Json::array();
    for (const TxtRecord& record : records) posts.push_back(ToJson(record));
    auto reply = records.size() == 1 ? api_.Send(call, "POST", RecordsPath(zone), posts.front())
                                     : api_.Send(call, "POST", Cat(RecordsPath(zone), "/batch"), {{"posts", std::move(posts)}});
    if (!reply) return std::move(reply).error();
    const Json* result = FindMember(*reply, "result");
    if (result == nullptr) return Error{ErrorKind::kProtocol, "Cloudflare's answer lacks the record"};
    if (records.size() == 1) return std::vector<Json>{*result};
    const Json* list = FindMember(*result, "posts");
    if (list == nullptr || !list->is_array()) return Error{ErrorKind::kProtocol, "Cloudflare's answer lacks the records"};
    return std::vector<Json>(list->begin(), list->end());
  }

  // Cloudflare takes a name outside of the zone as relative to it, and so makes another record than was asked for.
  Error Withdraw(const base::Call& call, const Zone& zone, const std::vector<Json>& created, const TxtRecord& record) const {
    std::vector<std::string> ids;
    for (const Json& one : created) {
      if (auto id = FindString(one, "id")) ids.push_back(*std::move(id));
    }
    if (!ids.empty()) {
      if (auto gone = Delete(call, zone, ids); !gone) {
        call.log.Warn("a record in the wrong zone was not removed",
                      {{base::key::kZone, zone.id}, {base::key::kFqdn, record.fqdn}, {base::key::kError, gone.error().message}});
      }
    }
    return Error{ErrorKind::kInvalid,
                 Cat("the zone with the id ", zone.id, " is not ", zone.name, " and does not hold ", record.fqdn)};
  }

  static Result<Zone> ChooseZone(const Zone& zone, const Json& reply) {
    std::vector<std::string> all;
    std::vector<std::string> active;
    const Json* result = FindMember(reply, "result");
    if (result == nullptr || !result->is_array())
      return Error{ErrorKind::kProtocol, "the response of Cloudflare contains no list of zones"};
    for (const Json& one : *result) {
      const auto id = FindString(one, "id");
      if (!id || !IsZoneId(*id) || FindString(one, "name") != WithoutDot(zone.name)) continue;
      all.push_back(*id);
      if (FindString(one, "status") == "active") active.push_back(*id);
    }
    if (all.empty()) {
      return Error{
          ErrorKind::kNotFound,
          Cat("these credentials see no zone ", zone.name,
              " at Cloudflare; a token that may edit records but not read zones works with the zone's id instead of its name")};
    }
    const std::vector<std::string>& candidates = active.empty() ? all : active;
    if (candidates.size() == 1) return Zone{.name = zone.name, .id = candidates.front()};
    return Error{.kind = ErrorKind::kInvalid,
                 .message = Cat("these credentials see ", candidates.size(), " zones ", zone.name,
                                " in several accounts; write the id of the right one: ", base::Join(candidates, ", "))};
  }

  static Error Explain(Error error, const Zone& zone) {
    if (error.kind == ErrorKind::kDenied) {
      error.message.append(Cat("; the credentials need the permission Zone / DNS / Edit for ", zone.name));
    } else if (error.kind == ErrorKind::kNotFound) {
      error.kind = ErrorKind::kInvalid;  // the zone's id is wrong; no record is gone
      error.message.append(Cat("; these credentials see no zone ", zone.name, " with the id ", zone.id));
    }
    return error;
  }

  CloudflareApi api_;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = MakeCloudflareApi(connection, deps);
  if (!api) return std::move(api).error();
  return MakeRecordProvider(std::make_unique<CloudflareRecords>(*std::move(api)), kBatch);
}

}  // namespace

const ProviderSpec kDns{.name = "cloudflare", .connection = "cloudflare", .make = Make};

}  // namespace engine::vendors::cloudflare
