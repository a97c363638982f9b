// SPDX-License-Identifier: MPL-2.0
// DNS Made Easy: all records of a zone in one call, since 150 calls in five minutes are soon used up.
// https://api-docs.dnsmadeeasy.com
#include <algorithm>
#include <utility>

#include "base/domain_name.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_api.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/dns_made_easy/connection.h"
#include "engine/vendors/dns_made_easy/vendor.h"

namespace engine::vendors::dns_made_easy {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindInteger;
using base::FindMember;
using base::FindString;
using base::Json;
using base::Result;
using dns::MakeRecordProvider;
using dns::Provider;
using dns::ProviderSpec;
using dns::QuoteTxt;
using dns::RecordApi;
using dns::RelativeName;
using dns::TxtRecord;
using dns::UnquoteTxt;
using dns::WithoutDot;
using dns::Zone;

constexpr std::size_t kBatch = 100;

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char one) { return one >= '0' && one <= '9'; });
}

std::string RecordsPath(const Zone& zone) { return Cat("/dns/managed/", zone.id, "/records"); }

Json ToJson(const Zone& zone, const TxtRecord& record) {
  return {{"type", "TXT"},
          {"name", RelativeName(record.fqdn, zone)},
          {"value", QuoteTxt(record.value)},
          {"ttl", record.ttl.count()},
          {"gtdLocation", "DEFAULT"}};
}

// The filters of a list are hints: name and value are compared here, or a foreign record might be deleted.
std::optional<std::string> IdIfEqual(const Json& found, const Zone& zone, const TxtRecord& record) {
  const auto id = FindInteger(found, "id");
  const auto name = FindString(found, "name");
  const auto value = FindString(found, "value");
  const bool is_equal = name && value && base::EqualsIgnoreCase(*name, RelativeName(record.fqdn, zone)) &&
                        UnquoteTxt(*value) == record.value && FindString(found, "type") == "TXT";
  return id && is_equal ? std::optional(Cat(*id)) : std::nullopt;
}

class DnsMadeEasyRecords final : public RecordApi {
 public:
  explicit DnsMadeEasyRecords(DnsMadeEasyApi api) : api_(std::move(api)) {}

  Result<Zone> FindZone(const base::Call& call, const Zone& zone) const override {
    if (IsNumber(zone.id)) return zone;
    if (!zone.id.empty()) {
      return Error{ErrorKind::kInvalid, Cat("\"", base::Printable(zone.id, 64),
                                            "\" is no zone of DNS Made Easy's: write the domain's name, or its number")};
    }
    auto reply = api_.Send(call, "GET", Cat("/dns/managed/name?domainname=", base::PercentEncode(WithoutDot(zone.name))));
    if (!reply && reply.error().kind != ErrorKind::kNotFound) {
      return std::move(reply).error().While(Cat("looking up the zone ", zone.name));
    }
    const auto id = reply ? FindInteger(*reply, "id") : std::nullopt;
    if (!id) return Error{ErrorKind::kNotFound, Cat("the account at DNS Made Easy has no domain ", zone.name)};
    return Zone{.name = zone.name, .id = Cat(*id)};
  }

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) const override {
    if (!IsNumber(id)) return std::nullopt;
    const auto reply = api_.Send(call, "GET", Cat("/dns/managed/", id));
    const auto name = reply ? FindString(*reply, "name") : std::nullopt;
    return name ? std::optional(base::Absolute(*name)) : std::nullopt;
  }

  Result<std::vector<std::string>> Create(const base::Call& call, const Zone& zone,
                                          std::span<const TxtRecord> records) const override {
    Json list = Json::array();
    for (const TxtRecord& record : records) list.push_back(ToJson(zone, record));
    auto reply = records.size() == 1 ? api_.Send(call, "POST", RecordsPath(zone), list.front())
                                     : api_.Send(call, "POST", RecordsPath(zone) + "/createMulti", list);
    if (!reply) return Explain(std::move(reply).error(), zone);
    const Json created = reply->is_array() ? *reply : Json::array({*reply});
    std::vector<std::string> ids;
    for (const TxtRecord& record : records) {
      std::string id;
      for (const Json& one : created) id = id.empty() ? IdIfEqual(one, zone, record).value_or("") : id;
      ids.push_back(std::move(id));
    }
    return ids;
  }

  Result<std::vector<std::string>> Find(const base::Call& call, const Zone& zone, const TxtRecord& record) const override {
    std::vector<std::string> ids;
    const std::string path =
        Cat(RecordsPath(zone), "?type=TXT&recordName=", base::PercentEncode(RelativeName(record.fqdn, zone)), "&page=");
    for (std::int64_t page = 0;; ++page) {
      auto reply = api_.Send(call, "GET", Cat(path, page));
      if (!reply) return Explain(std::move(reply).error(), zone);
      const Json* list = FindMember(*reply, "data");
      if (list == nullptr || !list->is_array())
        return Error{ErrorKind::kProtocol, "the response of DNS Made Easy contains no list of records"};
      for (const Json& one : *list) {
        if (auto id = IdIfEqual(one, zone, record)) ids.push_back(*std::move(id));
      }
      if (page + 1 >= FindInteger(*reply, "totalPages").value_or(1)) return ids;
    }
  }

  Result<void> Delete(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const override {
    for (const std::string& id : ids) {
      if (!IsNumber(id)) return Error{ErrorKind::kInternal, "a record's id is no number"};
    }
    // Never without an id: DELETE of the bare list empties the zone.
    const std::string which = ids.size() == 1 ? Cat("/", ids.front()) : Cat("?ids=", base::Join(ids, "&ids="));
    auto reply = api_.Send(call, "DELETE", RecordsPath(zone) + which);
    if (!reply) return std::move(reply).error();
    return {};
  }

 private:
  static Error Explain(Error error, const Zone& zone) {
    if (error.kind == ErrorKind::kNotFound) {
      error.kind = ErrorKind::kInvalid;  // the zone's number is wrong; no record is gone
      error.message.append(Cat("; the account has no domain ", zone.name, " with the number ", zone.id));
    }
    return error;
  }

  DnsMadeEasyApi api_;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = MakeDnsMadeEasyApi(connection, deps);
  if (!api) return std::move(api).error();
  return MakeRecordProvider(std::make_unique<DnsMadeEasyRecords>(*std::move(api)), kBatch);
}

}  // namespace

const ProviderSpec kDns{.name = "dns_made_easy", .connection = "dns_made_easy", .make = Make};

}  // namespace engine::vendors::dns_made_easy
