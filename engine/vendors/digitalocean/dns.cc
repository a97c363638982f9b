// SPDX-License-Identifier: MPL-2.0
// DigitalOcean: one call a record. It keeps equal records side by side, so each is looked for before it is made.
// https://docs.digitalocean.com/reference/api/reference/domain-records
#include <algorithm>
#include <utility>

#include "base/http/write_or_look.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_api.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/digitalocean/connection.h"
#include "engine/vendors/digitalocean/vendor.h"

namespace engine::vendors::digitalocean {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::Json;
using base::Result;
using dns::MakeRecordProvider;
using dns::Provider;
using dns::ProviderSpec;
using dns::RecordApi;
using dns::RelativeName;
using dns::TxtRecord;
using dns::UnquoteTxt;
using dns::WithoutDot;
using dns::Zone;

constexpr std::chrono::seconds kShortestTtl{30};
constexpr int kPageSize = 200;
constexpr int kAttempts = 3;

std::string RecordsPath(const Zone& zone) { return Cat("/v2/domains/", base::PercentEncode(WithoutDot(zone.name)), "/records"); }

std::string NameIn(const Zone& zone, const TxtRecord& record) {
  const std::string name = RelativeName(record.fqdn, zone);
  return name.empty() ? "@" : name;
}

class DigitaloceanRecords final : public RecordApi {
 public:
  explicit DigitaloceanRecords(DigitaloceanApi api) : api_(std::move(api)) {}

  // A zone has no id besides its name.
  Result<Zone> FindZone(const base::Call&, const Zone& zone) const override {
    if (zone.id.empty()) return zone;
    return Error{ErrorKind::kInvalid,
                 Cat("\"", base::Printable(zone.id, 64), "\" is no zone of DigitalOcean's: write the domain's name")};
  }

  Result<std::vector<std::string>> Create(const base::Call& call, const Zone& zone,
                                          std::span<const TxtRecord> records) const override {
    const TxtRecord& record = records.front();
    const Json body{{"type", "TXT"},
                    {"name", NameIn(zone, record)},
                    {"data", record.value},
                    {"ttl", std::max(record.ttl, kShortestTtl).count()}};
    const auto there = Find(call, zone, record);
    if (!there) return there.error();
    if (!there->empty()) return Error{ErrorKind::kConflict, Cat("the record is there already at ", record.fqdn)};
    auto created = base::http::WriteOrLook(
        call, {.attempts = kAttempts}, [&] { return AddRecord(call, zone, body); },
        [](const Error& error) { return error.kind == ErrorKind::kUnavailable; },
        [&]() -> Result<std::optional<std::vector<std::string>>> {
          auto ids = Find(call, zone, record);
          if (!ids) return std::move(ids).error();
          return ids->empty() ? std::nullopt : std::optional(*std::move(ids));
        });
    return created ? created : Explain(std::move(created).error(), zone);
  }

  Result<std::vector<std::string>> Find(const base::Call& call, const Zone& zone, const TxtRecord& record) const override {
    std::vector<std::string> ids;
    const std::string path = Cat(RecordsPath(zone), "?type=TXT&name=", base::PercentEncode(WithoutDot(record.fqdn)),
                                 "&per_page=", kPageSize, "&page=");
    for (int page = 1;; ++page) {
      auto reply = api_.Send(call, "GET", Cat(path, page));
      if (!reply) return Explain(std::move(reply).error(), zone);
      const Json* list = FindMember(*reply, "domain_records");
      if (list == nullptr || !list->is_array())
        return Error{ErrorKind::kProtocol, "the response of DigitalOcean contains no list of records"};
      for (const Json& one : *list) {
        const auto id = base::FindInteger(one, "id");
        const auto data = base::FindString(one, "data");
        const bool is_equal = base::FindString(one, "type") == "TXT" && base::FindString(one, "name") == NameIn(zone, record) &&
                              data && UnquoteTxt(*data) == record.value;
        if (id && is_equal) ids.push_back(Cat(*id));
      }
      if (list->size() < kPageSize) return ids;
    }
  }

  Result<void> Delete(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const override {
    auto reply = api_.Send(call, "DELETE", Cat(RecordsPath(zone), "/", base::PercentEncode(ids.front())));
    if (reply) return {};
    if (reply.error().kind == ErrorKind::kNotFound) return std::move(reply).error();
    return Explain(std::move(reply).error(), zone);
  }

 private:
  Result<std::vector<std::string>> AddRecord(const base::Call& call, const Zone& zone, const Json& body) const {
    const auto reply = api_.Send(call, "POST", RecordsPath(zone), body);
    if (!reply) return reply.error();
    const Json* record = FindMember(*reply, "domain_record");
    const auto id = record == nullptr ? std::nullopt : base::FindInteger(*record, "id");
    if (!id) return Error{ErrorKind::kProtocol, "DigitalOcean's answer lacks the record's id"};
    return std::vector{Cat(*id)};
  }

  static Error Explain(Error error, const Zone& zone) {
    if (error.kind == ErrorKind::kNotFound) {
      error.message.append(Cat("; the account has no domain ", zone.name));
    } else if (error.kind == ErrorKind::kDenied) {
      error.message.append("; the token needs the scopes domain:read, domain:create and domain:delete");
    }
    return error;
  }

  DigitaloceanApi api_;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = MakeDigitaloceanApi(connection, deps);
  if (!api) return std::move(api).error();
  return MakeRecordProvider(std::make_unique<DigitaloceanRecords>(*std::move(api)), 1);
}

}  // namespace

const ProviderSpec kDns{.name = "digitalocean", .connection = "digitalocean", .make = Make};

}  // namespace engine::vendors::digitalocean
