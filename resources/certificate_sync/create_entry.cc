// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/create_entry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "resources/certificate_sync/certificate_identity.h"
#include "resources/certificate_sync/place.h"

namespace resources::certificate_sync {
namespace {

using base::Secret;
using engine::sync::Kinship;
using nlohmann::json;
using sealed::Journal;

constexpr const char* kKind = "sync";

std::set<std::string> CertificateIds(const Context& context, const SyncModel& planned) {
  std::set<std::string> ids;
  for (const auto& [key, handle] : planned.certificates.OrEmpty()) ids.insert(IdentityOf(context, handle).certificate_id);
  return ids;
}

json Parse(const Secret& content) {
  json parsed = json::parse(content.Reveal(), nullptr, false);
  const bool is_entry = parsed.is_object() && parsed.contains("name") && parsed["name"].is_string() &&
                        parsed.contains("certificates") && parsed["certificates"].is_array();
  return is_entry ? parsed : json();
}

bool HasOneOf(const json& entry, const std::set<std::string>& ids) {
  if (entry.is_null()) return false;
  const json& left = entry["certificates"];
  return std::any_of(left.begin(), left.end(), [&](const json& one) { return one.is_string() && ids.contains(one); });
}

}  // namespace

CreateEntry CreateEntry::Open(const base::Call& call, const Context& context, const SyncModel& planned) {
  Journal& journal = *context.journal;
  const std::string digest = PlaceDigest(context, planned);
  const std::string name = planned.name.OrEmpty();
  const std::set<std::string> ids = CertificateIds(context, planned);
  // Several syncs may deploy the same certificates to one place: that of the same name first.
  auto left = journal.Take(call, kKind, digest, [&](const Secret& content) {
    const json entry = Parse(content);
    return HasOneOf(entry, ids) && entry["name"] == name;
  });
  if (!left) left = journal.TryTake(kKind, digest, [&](const Secret& content) { return HasOneOf(Parse(content), ids); });
  const bool is_resumed = left.has_value();
  CreateEntry entry(left ? *std::move(left) : journal.Begin(kKind, digest), is_resumed);
  entry.file_.Write(Secret(json{{"name", name}, {"certificates", ids}}.dump()));
  return entry;
}

void ForgetSavedSync(const Context& context, const std::string& sync_id) {
  if (auto file = context.journal->TryTake(sync_id)) file->Remove();
}

Kinship KinshipOfCreate(const Context& context, std::string_view sync_id) {
  switch (context.journal->Look(kKind, sync_id)) {
    case Journal::Holder::kNobody:
      return Kinship::kUnsaved;
    case Journal::Holder::kRun:
      return Kinship::kCreating;
    case Journal::Holder::kNoEntry:
      break;
  }
  return Kinship::kStranger;
}

}  // namespace resources::certificate_sync
