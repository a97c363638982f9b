// SPDX-License-Identifier: MPL-2.0
// Google Cloud DNS: sets are read, then replaced in one change that names what it replaces, so that a foreign value cannot get
// lost: who was overtaken reads again. https://cloud.google.com/dns/docs/reference/rest/v1/changes
#include <algorithm>
#include <utility>

#include "base/http/api_error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_set_api.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/google/connection.h"
#include "engine/vendors/google/vendor.h"

namespace engine::vendors::google {
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
using dns::QuoteTxt;
using dns::RecordSetApi;
using dns::TxtEdit;
using dns::TxtRecord;
using dns::UnquoteTxt;
using dns::Zone;

constexpr std::string_view kUrl = "https://dns.googleapis.com";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/ndev.clouddns.readwrite";
// Of one change: 100 kB of data, and 1000 sets.
constexpr std::size_t kBatch = 200;

// A name's set as it is, and as it is to be; null where there is none.
struct SetEdit {
  std::string name;
  std::vector<TxtEdit> edits;
  Json before;
  Json after;
};

std::vector<SetEdit> ToSets(std::span<const TxtEdit> edits) {
  std::vector<SetEdit> sets;
  for (auto& [name, its] : GroupByName(edits)) sets.push_back({.name = name, .edits = its, .before = {}, .after = {}});
  return sets;
}

// Fills `after`.
void Decide(SetEdit& set) {
  const Json* data = FindMember(set.before, "rrdatas");
  Json values = data == nullptr ? Json::array() : *data;
  EditValues(
      values, set.edits, [](const Json& one) { return one.is_string() ? UnquoteTxt(one.get<std::string>()) : std::string(); },
      [](const TxtRecord& record) { return Json(QuoteTxt(record.value)); });
  set.after = Json();
  if (values.empty()) return;
  const auto ttl = base::FindInteger(set.before, "ttl").value_or(set.edits.front().record.ttl.count());
  set.after = {{"name", set.name}, {"type", "TXT"}, {"ttl", ttl}, {"rrdatas", std::move(values)}};
}

class GoogleCloudDns final : public RecordSetApi {
 public:
  explicit GoogleCloudDns(GoogleCloud cloud) : cloud_(std::move(cloud)) {}

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) const override {
    const auto path = FindZoneId(call, {.name = {}, .id = id});
    const auto reply = path ? cloud_.api.Send(call, "GET", *path) : Result<Json>(path.error());
    return reply ? FindString(*reply, "dnsName") : std::nullopt;
  }

  // "/dns/v1/projects/P/managedZones/Z" of a public zone.
  Result<std::string> FindZoneId(const base::Call& call, const Zone& zone) const override {
    if (zone.id.starts_with("projects/")) {
      const auto parts = base::Split(zone.id, '/');
      if (parts.size() == 4 && parts[2] == "managedZones") return ZonePath(parts[1], parts[3]);
      return Error{ErrorKind::kInvalid, "a zone's whole name is projects/PROJECT/managedZones/ZONE"};
    }
    if (cloud_.project.empty()) return Error{ErrorKind::kInvalid, "the connection and its credentials name no project: set one"};
    if (!zone.id.empty()) return ZonePath(cloud_.project, zone.id);
    auto reply = cloud_.api.Send(
        call, "GET",
        Cat("/dns/v1/projects/", base::PercentEncode(cloud_.project), "/managedZones?dnsName=", base::PercentEncode(zone.name)));
    if (!reply) return Explain(std::move(reply).error(), zone, {}).While(Cat("looking up the zone ", zone.name));
    return ChooseZone(zone, *reply);
  }

  std::string QueueOf(const std::string& path) const override { return Cat(cloud_.api.url(), path); }
  const void* owner() const override { return cloud_.api.owner(); }

  EditOutcome Change(const base::Call& call, const std::string& path, std::span<const TxtEdit> edits) const override {
    std::vector<SetEdit> sets = ToSets(edits);
    EditOutcome outcome{.change = std::string()};
    for (std::span<SetEdit> left = sets; !left.empty(); left = left.subspan(std::min(left.size(), kBatch))) {
      const std::span<SetEdit> batch = left.first(std::min(left.size(), kBatch));
      auto changed = dns::RepeatWhileOvertaken(
          call, [&] { return ChangeSets(call, path, batch); }, WasOvertaken);
      outcome.may_be_done = outcome.may_be_done || changed || base::http::MayHaveActed(changed.error());
      if (!changed) {
        outcome.change = std::move(changed).error();
        break;
      }
    }
    return outcome;
  }

  Error Explain(Error error, const Zone& zone, const std::string& /*path*/) const override {
    if (!error.while_doing.empty()) return error;  // the credentials', not the zone's
    if (error.code == "accessNotConfigured") {
      error.message.append("; enable the API dns.googleapis.com in the project");
    } else if (error.kind == ErrorKind::kDenied) {
      error.message.append(Cat("; the service account needs the role roles/dns.admin for ", zone.name));
    } else if (error.kind == ErrorKind::kNotFound) {
      error.message.append(Cat("; the project has no such zone for ", zone.name));
    }
    return error;
  }

 private:
  static std::string ZonePath(std::string_view project, std::string_view zone) {
    return Cat("/dns/v1/projects/", base::PercentEncode(project), "/managedZones/", base::PercentEncode(zone));
  }

  Result<std::string> ChooseZone(const Zone& zone, const Json& reply) const {
    std::vector<std::string> names;
    bool has_private = false;
    const Json* list = FindMember(reply, "managedZones");
    for (const Json& one : list == nullptr ? Json::array() : *list) {
      if (FindString(one, "dnsName") != zone.name) continue;
      if (FindString(one, "visibility") == "private") {
        has_private = true;
      } else if (auto name = FindString(one, "name")) {
        names.push_back(*std::move(name));
      }
    }
    if (names.size() == 1) return ZonePath(cloud_.project, names.front());
    if (names.empty()) {
      return Error{ErrorKind::kNotFound, Cat("the project ", cloud_.project, " has no public zone ", zone.name,
                                             has_private ? ", only a private one, which a CA cannot see" : "")};
    }
    return Error{ErrorKind::kInvalid, Cat("the project ", cloud_.project, " has ", names.size(), " public zones ", zone.name,
                                          "; write the right one's name: ", base::Join(names, ", "))};
  }

  // Overtaken by another writer, or an answer was lost: what stands there now tells what is left to do.
  static bool WasOvertaken(const Error& error) {
    return error.kind == ErrorKind::kConflict || error.kind == ErrorKind::kUnavailable ||
           (error.kind == ErrorKind::kNotFound && error.message.find("deletions") != std::string::npos);
  }

  Result<void> ChangeSets(const base::Call& call, const std::string& path, std::span<SetEdit> sets) const {
    auto read =
        TryForEachInParallel(sets.size(), kMaxConcurrentRequests, [&](std::size_t i) { return Read(call, path, sets[i]); });
    if (!read) return read;
    Json additions = Json::array();
    Json deletions = Json::array();
    for (SetEdit& set : sets) {
      Decide(set);
      const Json* was = FindMember(set.before, "rrdatas");
      const Json* will_be = FindMember(set.after, "rrdatas");
      if (was == will_be || (was != nullptr && will_be != nullptr && *was == *will_be)) continue;
      if (!set.before.is_null()) deletions.push_back(set.before);
      if (!set.after.is_null()) additions.push_back(set.after);
    }
    if (additions.empty() && deletions.empty()) return {};
    auto reply = cloud_.api.Send(call, "POST", path + "/changes",
                                 Json{{"additions", std::move(additions)}, {"deletions", std::move(deletions)}});
    if (!reply) return std::move(reply).error();
    return {};
  }

  Result<void> Read(const base::Call& call, const std::string& path, SetEdit& set) const {
    auto reply = cloud_.api.Send(call, "GET", Cat(path, "/rrsets?type=TXT&name=", base::PercentEncode(set.name)));
    if (!reply) return std::move(reply).error();
    set.before = Json();
    const Json* sets = FindMember(*reply, "rrsets");
    for (const Json& one : sets == nullptr ? Json::array() : *sets) {
      if (FindString(one, "name") != set.name || FindString(one, "type") != "TXT" || !FindMember(one, "rrdatas")) continue;
      set.before = {{"name", set.name}, {"type", "TXT"}, {"ttl", one.value("ttl", Json(0))}, {"rrdatas", one["rrdatas"]}};
    }
    return {};
  }

  GoogleCloud cloud_;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto cloud = MakeGoogleCloud(connection, deps, kUrl, kScope);
  if (!cloud) return std::move(cloud).error();
  return MakeRecordSetProvider(std::make_unique<GoogleCloudDns>(*std::move(cloud)), deps);
}

}  // namespace

const ProviderSpec kDns{.name = "google_cloud", .connection = "google_cloud", .make = Make};

}  // namespace engine::vendors::google
