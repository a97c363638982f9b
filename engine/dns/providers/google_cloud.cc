// SPDX-License-Identifier: MPL-2.0
// Google Cloud DNS: sets are read, then replaced in one change that names what it replaces, so that a foreign value cannot get
// lost: who was overtaken reads again. https://cloud.google.com/dns/docs/reference/rest/v1/changes
#include <algorithm>
#include <map>
#include <utility>

#include "base/cloud/api_error.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/connections/google_cloud.h"
#include "engine/dns/at_once.h"
#include "engine/dns/provider.h"
#include "engine/dns/txt_content.h"
#include "engine/dns/zone_locks.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::Json;
using base::Result;

constexpr std::string_view kUrl = "https://dns.googleapis.com";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/ndev.clouddns.readwrite";
// Of one change: 100 kB of data, and 1000 sets.
constexpr std::size_t kBatch = 200;
constexpr int kAttempts = 6;
constexpr std::chrono::milliseconds kPause{500};

enum class Change { kAdd, kRemove };

// A name's set as it is, and as it is to be; null where there is none.
struct Edit {
  std::string name;
  std::vector<TxtRecord> records;
  Json before;
  Json after;
};

std::vector<Edit> GroupByName(std::span<const TxtRecord> records) {
  std::map<std::string, Edit> by_name;
  for (const TxtRecord& record : records) by_name[record.fqdn].records.push_back(record);
  std::vector<Edit> edits;
  for (auto& [name, edit] : by_name) {
    edit.name = name;
    edits.push_back(std::move(edit));
  }
  return edits;
}

void Decide(Edit& edit, Change change) {
  const Json* data = FindMember(edit.before, "rrdatas");
  Json values = data == nullptr ? Json::array() : *data;
  for (const TxtRecord& record : edit.records) {
    const auto is_equal = [&](const Json& one) { return one.is_string() && UnquoteTxt(one.get<std::string>()) == record.value; };
    const auto found = std::find_if(values.begin(), values.end(), is_equal);
    if (change == Change::kAdd && found == values.end()) values.push_back(QuoteTxt(record.value));
    if (change == Change::kRemove && found != values.end()) values.erase(found);
  }
  if (values.empty()) return;
  const auto ttl = base::FindInteger(edit.before, "ttl").value_or(edit.records.front().ttl.count());
  edit.after = {{"name", edit.name}, {"type", "TXT"}, {"ttl", ttl}, {"rrdatas", std::move(values)}};
}

class GoogleCloudDns final : public Provider {
 public:
  explicit GoogleCloudDns(connections::GoogleCloud cloud) : cloud_(std::move(cloud)) {}

  Result<void> Place(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                     std::vector<PlacedRecord>& placed) override {
    const auto path = FindZonePath(call, zone);
    if (!path) return path.error();
    for (; !records.empty(); records = records.subspan(std::min(records.size(), kBatch))) {
      const auto part = records.first(std::min(records.size(), kBatch));
      auto changed = ChangeAll(call, *path, part, Change::kAdd);
      if (changed || base::cloud::MayHaveActed(changed.error())) {
        for (const TxtRecord& record : part) placed.push_back({.zone_id = *path, .record_id = {}, .record = record});
      }
      if (!changed) return Explain(std::move(changed).error(), zone);
    }
    return {};
  }

  Result<void> Remove(const base::Call& call, const Zone& zone, std::span<const PlacedRecord> placed) override {
    if (placed.empty()) return {};
    const auto path = placed.front().zone_id.empty() ? FindZonePath(call, zone) : Result<std::string>(placed.front().zone_id);
    if (!path) return path.error();
    std::vector<TxtRecord> all;
    for (const PlacedRecord& one : placed) all.push_back(one.record);
    for (std::span<const TxtRecord> records = all; !records.empty();
         records = records.subspan(std::min(records.size(), kBatch))) {
      auto changed = ChangeAll(call, *path, records.first(std::min(records.size(), kBatch)), Change::kRemove);
      if (!changed) return Explain(std::move(changed).error(), zone);
    }
    return {};
  }

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) override {
    const auto path = FindZonePath(call, {.name = {}, .id = id});
    const auto reply = path ? cloud_.api.Send(call, "GET", *path) : Result<Json>(path.error());
    return reply ? FindString(*reply, "dnsName") : std::nullopt;
  }

 private:
  // "/dns/v1/projects/P/managedZones/Z" of a public zone.
  Result<std::string> FindZonePath(const base::Call& call, const Zone& zone) const {
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
    if (!reply) return Explain(std::move(reply).error(), zone).While(Cat("looking up the zone ", zone.name));
    return ChooseZone(zone, *reply);
  }

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

  Result<void> ChangeAll(const base::Call& call, const std::string& path, std::span<const TxtRecord> records,
                         Change change) const {
    const auto held = ProcessZoneLocks().Acquire(call, path);
    if (!held) return held.error();
    for (int attempt = 1;; ++attempt) {
      auto changed = ChangeOnce(call, path, GroupByName(records), change);
      if (changed || attempt == kAttempts || !MayRepeat(changed.error())) return changed;
      call.log.Debug("record sets are read again",
                     {{base::key::kAttempt, attempt}, {base::key::kError, changed.error().message}});
      if (auto waited = call.Wait(kPause * attempt); !waited) return waited;
    }
  }

  // Overtaken by another writer, or an answer was lost: what stands there now tells what is left to do.
  static bool MayRepeat(const Error& error) {
    return error.kind == ErrorKind::kConflict || error.kind == ErrorKind::kUnavailable ||
           (error.kind == ErrorKind::kNotFound && error.message.find("deletions") != std::string::npos);
  }

  Result<void> ChangeOnce(const base::Call& call, const std::string& path, std::vector<Edit> edits, Change change) const {
    auto read = ForEachAtOnce(edits.size(), [&](std::size_t i) { return Read(call, path, edits[i]); });
    if (!read) return read;
    Json additions = Json::array();
    Json deletions = Json::array();
    for (Edit& edit : edits) {
      Decide(edit, change);
      const Json* was = FindMember(edit.before, "rrdatas");
      const Json* will_be = FindMember(edit.after, "rrdatas");
      if (was == will_be || (was != nullptr && will_be != nullptr && *was == *will_be)) continue;
      if (!edit.before.is_null()) deletions.push_back(std::move(edit.before));
      if (!edit.after.is_null()) additions.push_back(std::move(edit.after));
    }
    if (additions.empty() && deletions.empty()) return {};
    auto reply = cloud_.api.Send(call, "POST", path + "/changes",
                                 Json{{"additions", std::move(additions)}, {"deletions", std::move(deletions)}});
    if (!reply) return std::move(reply).error();
    return {};
  }

  Result<void> Read(const base::Call& call, const std::string& path, Edit& edit) const {
    auto reply = cloud_.api.Send(call, "GET", Cat(path, "/rrsets?type=TXT&name=", base::PercentEncode(edit.name)));
    if (!reply) return std::move(reply).error();
    const Json* sets = FindMember(*reply, "rrsets");
    for (const Json& one : sets == nullptr ? Json::array() : *sets) {
      if (FindString(one, "name") != edit.name || FindString(one, "type") != "TXT" || !FindMember(one, "rrdatas")) continue;
      edit.before = {{"name", edit.name}, {"type", "TXT"}, {"ttl", one.value("ttl", Json(0))}, {"rrdatas", one["rrdatas"]}};
    }
    return {};
  }

  static Error Explain(Error error, const Zone& zone) {
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

  connections::GoogleCloud cloud_;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto cloud = connections::MakeGoogleCloud(connection, deps, kUrl, kScope);
  if (!cloud) return std::move(cloud).error();
  return std::unique_ptr<Provider>(std::make_unique<GoogleCloudDns>(*std::move(cloud)));
}

}  // namespace

namespace providers::google_cloud {
extern const ProviderSpec kSpec;
const ProviderSpec kSpec{.connection = "google_cloud", .make = Make};
}  // namespace providers::google_cloud

}  // namespace engine::dns
