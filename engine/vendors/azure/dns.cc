// SPDX-License-Identifier: MPL-2.0
// Azure DNS: all values of a name are one record set, which is read and then replaced under its ETag, so that no value of anybody
// else is lost: who was overtaken reads again. https://learn.microsoft.com/rest/api/dns/record-sets
#include <algorithm>
#include <atomic>
#include <utility>

#include "base/domain_name.h"
#include "base/http/api_error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_set_api.h"
#include "engine/vendors/azure/connection.h"
#include "engine/vendors/azure/vendor.h"

namespace engine::vendors::azure {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::Json;
using base::Result;
using base::TryForEachInParallel;
using dns::EditOutcome;
using dns::EditValues;
using dns::GroupByName;
using dns::kMaxConcurrentRequests;
using dns::MakeRecordSetProvider;
using dns::Provider;
using dns::ProviderSpec;
using dns::RecordSetApi;
using dns::TxtEdit;
using dns::TxtRecord;
using dns::Zone;

constexpr std::string_view kVersion = "?api-version=2018-05-01";
// Private zones are resources of another kind.
constexpr std::string_view kPrivateVersion = "?api-version=2018-09-01";

// {"value": ["its", "pieces"]}
std::string ValueOf(const Json& record) { return base::Join(base::FindStrings(record, "value"), ""); }

// The set's properties as the edits, all of its name, want them; `properties` null: there is no set. Pure.
Json Edited(const Json& properties, std::span<const TxtEdit> edits) {
  const Json* old = FindMember(properties, "TXTRecords");
  Json records = old != nullptr && old->is_array() ? *old : Json::array();
  EditValues(records, edits, ValueOf, [](const TxtRecord& record) { return Json{{"value", Json::array({record.value})}}; });
  if (records.empty()) return {};
  const auto ttl = base::FindInteger(properties, "TTL").value_or(edits.front().record.ttl.count());
  Json edited{{"TTL", ttl}, {"TXTRecords", std::move(records)}};
  if (const Json* metadata = FindMember(properties, "metadata")) edited["metadata"] = *metadata;
  return edited;
}

class AzureDns final : public RecordSetApi {
 public:
  AzureDns(AzureApi api, connections::Connection connection) : api_(std::move(api)), connection_(std::move(connection)) {}

  // The id ends in the name.
  std::optional<std::string> FindZoneName(const base::Call&, const std::string& id) const override {
    const std::string name = id.substr(id.rfind('/') + 1);
    return name.empty() ? std::nullopt : std::optional(base::Absolute(name));
  }

  // "/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/dnsZones/Z"
  Result<std::string> FindZoneId(const base::Call& call, const Zone& zone) const override {
    if (!zone.id.empty()) return ParseZonePath(zone.id);
    auto zones = ListZones(call, "dnsZones", kVersion);
    if (!zones) return Explain(std::move(zones).error(), zone, {}).While(Cat("looking up the zone ", zone.name));
    std::vector<std::string> ids;
    bool has_private = false;
    for (const Json& one : *zones) {
      if (base::Absolute(FindString(one, "name").value_or("")) != zone.name) continue;
      const Json* properties = FindMember(one, "properties");
      const bool is_private = properties != nullptr && FindString(*properties, "zoneType") == "Private";
      has_private = has_private || is_private;
      if (!is_private) ids.push_back(FindString(one, "id").value_or(""));
    }
    if (ids.size() == 1) return ParseZonePath(ids.front());
    if (ids.size() > 1) {
      return Error{ErrorKind::kInvalid, Cat("the subscription has ", ids.size(), " zones ", zone.name,
                                            "; write the resource id of the right one: ", base::Join(ids, ", "))};
    }
    has_private = has_private || HasPrivateZone(call, zone);
    return Error{ErrorKind::kNotFound, Cat("the subscription has no public zone ", zone.name, ", or none that may be read",
                                           has_private ? "; it has a private one, which no CA sees" : "")};
  }

  std::string QueueOf(const std::string& path) const override { return Cat(api_.url(), base::ToLower(path)); }
  const void* owner() const override { return api_.owner(); }

  EditOutcome Change(const base::Call& call, const std::string& path, std::span<const TxtEdit> edits) const override {
    const std::string apex = base::Absolute(path.substr(path.rfind('/') + 1));
    for (const TxtEdit& edit : edits) {
      if (base::IsInZone(edit.record.fqdn, apex)) continue;
      return {.change = Error{ErrorKind::kInvalid, Cat(edit.record.fqdn, " does not lie in the zone ", apex)}};
    }
    const auto by_name = GroupByName(edits);
    const std::vector<std::pair<std::string, std::vector<TxtEdit>>> sets(by_name.begin(), by_name.end());
    std::atomic<bool> may_be_done = false;
    auto changed = TryForEachInParallel(sets.size(), kMaxConcurrentRequests, [&](std::size_t i) {
      const std::string& fqdn = sets[i].first;
      const std::string relative = fqdn == apex ? "@" : fqdn.substr(0, fqdn.size() - apex.size() - 1);
      const std::string set = Cat(path, "/TXT/", base::PercentEncode(relative), kVersion);
      return dns::RepeatWhileOvertaken(
          call, [&] { return ChangeSet(call, set, sets[i].second, may_be_done); },
          [](const Error& error) { return error.kind == ErrorKind::kConflict; });
    });
    if (!changed) return {.change = std::move(changed).error(), .may_be_done = may_be_done};
    return {.change = std::string()};
  }

  Error Explain(Error error, const Zone& zone, const std::string& /*path*/) const override {
    if (error.code == "AuthorizationFailed") {
      error.message.append(Cat("; the guide has the role that is enough for ", zone.name));
    } else if (error.kind == ErrorKind::kNotFound) {
      error.message.append(Cat("; there is no such zone for ", zone.name));
    }
    return BlameAzureField(std::move(error), connection_);
  }

 private:
  static Result<std::string> ParseZonePath(const std::string& id) {
    std::vector<std::string> parts = base::Split(id, '/');
    const bool is_whole = parts.size() == 9 && parts[0].empty() && base::EqualsIgnoreCase(parts[1], "subscriptions");
    if (is_whole && base::EqualsIgnoreCase(parts[7], "privateDnsZones")) {
      return Error{ErrorKind::kInvalid, Cat("the zone ", parts[8], " is private: no CA sees it")};
    }
    if (!is_whole || !base::EqualsIgnoreCase(parts[7], "dnsZones")) {
      return Error{
          ErrorKind::kInvalid,
          "a zone's resource id at Azure is /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/dnsZones/NAME"};
    }
    for (std::string& part : parts) part = base::PercentEncode(part);
    return base::Join(parts, "/");
  }

  Result<std::vector<Json>> ListZones(const base::Call& call, std::string_view type, std::string_view version) const {
    const std::string subscription = FindAzureSubscription(connection_);
    if (subscription.empty()) {
      return Error{.kind = ErrorKind::kInvalid,
                   .message = "zones are looked up in a subscription: set subscription_id, or write the zone's resource id",
                   .blame = connections::ConnectionField("subscription_id")};
    }
    return api_.List(call,
                     Cat("/subscriptions/", base::PercentEncode(subscription), "/providers/Microsoft.Network/", type, version));
  }

  // To say more of a zone that is not there; who may not know is not told.
  bool HasPrivateZone(const base::Call& call, const Zone& zone) const {
    const auto zones = ListZones(call, "privateDnsZones", kPrivateVersion);
    return zones && std::any_of(zones->begin(), zones->end(), [&](const Json& one) {
             return base::Absolute(FindString(one, "name").value_or("")) == zone.name;
           });
  }

  Result<void> ChangeSet(const base::Call& call, const std::string& path, std::span<const TxtEdit> edits,
                         std::atomic<bool>& may_be_done) const {
    auto set = Read(call, path);
    if (!set) return std::move(set).error();
    const Json* properties = FindMember(*set, "properties");
    const Json before = properties == nullptr ? Json() : *properties;
    const Json after = Edited(before, edits);
    const Json* was = FindMember(before, "TXTRecords");
    const Json* will_be = FindMember(after, "TXTRecords");
    if (was == will_be || (was != nullptr && will_be != nullptr && *was == *will_be)) return {};
    const std::string etag = FindString(*set, "etag").value_or("");
    const auto condition = set->empty() ? base::http::Header{"If-None-Match", "*"} : base::http::Header{"If-Match", etag};
    const auto written = after.is_null() ? api_.Send(call, "DELETE", path, {}, condition)
                                         : api_.Send(call, "PUT", path, Json{{"properties", after}}, condition);
    if (written || base::http::MayHaveActed(written.error())) may_be_done = true;
    return written ? Result<void>() : written.error();
  }

  // An empty object where there is no set.
  Result<Json> Read(const base::Call& call, const std::string& path) const {
    auto set = api_.Send(call, "GET", path);
    const bool is_absent = !set && set.error().kind == ErrorKind::kNotFound && set.error().code == "NotFound";
    return is_absent ? Result<Json>(Json::object()) : set;
  }

  AzureApi api_;
  connections::Connection connection_;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = MakeAzureApi(connection, deps);
  if (!api) return std::move(api).error();
  return MakeRecordSetProvider(std::make_unique<AzureDns>(*std::move(api), connection), deps);
}

}  // namespace

const ProviderSpec kDns{.name = "azure_dns", .connection = "azure", .make = Make};

}  // namespace engine::vendors::azure
