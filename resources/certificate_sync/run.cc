// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/run.h"

#include <atomic>

#include "base/parallel.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/sync/destination.h"
#include "engine/vendors/catalog.h"
#include "resources/extension_block.h"
#include "resources/sealed/payload.h"
#include "schema/reader.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;
using engine::sync::Deployed;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::OpenConnection;

constexpr std::chrono::minutes kCleanupLimit{1};
constexpr std::size_t kLongestMessage = 1024;
constexpr std::string_view kSynced = "synced";
constexpr std::string_view kFailed = "failed";
constexpr std::string_view kExpired = "expired";

Value TextOrNull(const std::string& text) { return text.empty() ? Value::Null(Type::String()) : Value::String(text); }

std::optional<base::TimePoint> ParseTime(const Value& text) {
  return text.is_known() ? base::ParseRfc3339(text.AsString()) : std::nullopt;
}

// The element with what was seen at the destination. One that failed to be pushed stays failed.
Value Refreshed(const Value& element, const Deployed& known, const std::optional<Deployed>& seen, base::TimePoint now) {
  const auto with = [&](std::string_view status, const std::string& message) {
    return element.With("status", Value::String(std::string(status)))
        .With("message", TextOrNull(message))
        .With("fingerprint_sha256", seen ? TextOrNull(seen->fingerprint_sha256) : Value::Null(Type::String()));
  };
  if (!seen) return with("missing", "it is gone from the destination");
  if (seen->fingerprint_sha256 != known.fingerprint_sha256) return with("drifted", "another certificate is in its place");
  if (seen->key_fingerprint != known.key_fingerprint) return with("drifted", "its key, chain or permissions were changed");
  const auto not_after = ParseTime(element.Get("not_after"));
  if (not_after && *not_after <= now) return with(kExpired, "it has expired");
  const Value status = element.Get("status");
  return status.is_known() && status.AsString() == kFailed ? element : with(kSynced, "");
}

// What went wrong first; those that were not asked any more count only when nothing else failed.
const base::Error* FirstError(const std::vector<SyncRun::Observed>& seen) {
  const base::Error* error = nullptr;
  for (const auto& one : seen) {
    if (!one && (error == nullptr || error->kind == base::ErrorKind::kCancelled)) error = &one.error();
  }
  return error;
}

}  // namespace

void WarnOfLeftOver(const std::string& external_id, const std::string& why, schema::Diagnostics& diagnostics) {
  diagnostics.Warning(
      Cat("Left at the destination: ", external_id),
      Cat(why, why.empty() ? "" : "\n", "The state knows it no more and nothing looks after it: remove it by hand."),
      Path::Of("destination"));
}

bool SyncRun::Open(const Value& values, std::string_view sync_id, engine::sync::Secrets secrets) {
  const Reader sync(schema_.attributes, values);
  const Value block = values.Get("destination");
  for (const auto& spec : engine::vendors::Destinations()) {
    if (!block.Get(spec.kind).is_known()) continue;
    spec_ = &spec;
    std::optional<engine::connections::Connection> connection;
    if (const auto handle = sync.SecretText("app_connection")) {
      auto opened = OpenConnection(context_.sealer, handle->Reveal());
      if (!opened) {
        diagnostics_.Error("The connection cannot be used", opened.error(), "", Path::Of("app_connection"));
        return false;
      }
      connection = *std::move(opened);
    }
    auto made = MakeDestination(spec, {.settings = ReadBlock(spec.fields, block.Get(spec.kind)).settings,
                                       .secrets = std::move(secrets),
                                       .connection = connection ? &*connection : nullptr,
                                       .deps = context_.deps(),
                                       .sync_id = std::string(sync_id)});
    if (!made) {
      diagnostics_.Error("The destination cannot be used", made.error(), "", Path::Of("destination").Attribute(spec.kind));
      return false;
    }
    destination_ = *std::move(made);
    return true;
  }
  diagnostics_.Error("No destination", "Set exactly one block of destination.", Path::Of("destination"));
  return false;
}

bool SyncRun::Adopt(const Value& planned, DeployedByKey& imported) {
  const auto adoption = Reader(schema_.attributes, planned).Single("options");
  const bool any = adoption && adoption->Flag("adopt").value_or(false);
  for (auto& [key, one] : imported) {
    if (!planned.Get("certificates").AsMembers().contains(key)) {
      diagnostics_.Error(Cat("No certificate for what was imported: ", key),
                         Cat("The import named ", one.external_id, " for the key \"", key,
                             "\", which `certificates` does not have: add it there, or import without it."),
                         Path::Of("certificates"));
      return false;
    }
    auto there =
        destination_->Adopt(call_, one.external_id, any ? engine::sync::Adoption::kAny : engine::sync::Adoption::kMarked);
    if (!there) {
      diagnostics_.Error(Cat("The object cannot be taken over: ", one.external_id), there.error(),
                         there.error().kind == base::ErrorKind::kConflict ? "If it is yours, set options.adopt = true." : "",
                         Path::Of("certificates").Key(key));
      return false;
    }
    one = *std::move(there);
  }
  return true;
}

std::vector<SyncRun::Observed> SyncRun::Observe(const std::vector<const Deployed*>& known) {
  std::vector<Observed> seen(known.size(), Observed(std::nullopt));
  std::atomic<bool> failed = false;
  base::ForEachInParallel(known.size(), spec_->max_concurrency, [&](std::size_t i) {
    seen[i] = failed ? base::Error{base::ErrorKind::kCancelled, "another certificate could not be looked at"}
                     : destination_->Observe(call_, *known[i]);
    if (!seen[i]) failed = true;
  });
  return seen;
}

Value SyncRun::Refresh(const Value& synced, const DeployedByKey& deployed) {
  if (!synced.is_known()) return synced;
  Value::Members elements = synced.AsMembers();
  std::vector<std::pair<Value*, const Deployed*>> pairs;
  std::vector<const Deployed*> known;
  for (const auto& [key, one] : deployed) {
    const auto element = elements.find(key);
    if (element == elements.end()) continue;
    pairs.emplace_back(&element->second, &one);
    known.push_back(&one);
  }
  const auto seen = Observe(known);
  if (const base::Error* error = FirstError(seen)) {
    TellUnseen(*error);
    return synced;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    *pairs[i].first = Refreshed(*pairs[i].first, *pairs[i].second, *seen[i], call_.Now());
  }
  return Value::Map(synced.type().element(), std::move(elements));
}

void SyncRun::Finish(SyncOutcome& outcome, std::string_view advice) {
  const auto finished = destination_->Finish(call_);
  if (finished) return;
  for (auto& [key, one] : outcome.deployed) one.unfinished = true;
  diagnostics_.Error(Cat("Not finished at the destination: ", spec_->kind), finished.error(), std::string(advice),
                     Path::Of("destination").Attribute(spec_->kind));
  Value::Members elements = outcome.synced.AsMembers();
  for (auto& [key, element] : elements) {
    const Value status = element.Get("status");
    if (status.is_known() && status.AsString() == kFailed) continue;  // it has a reason of its own
    element = element.With("status", Value::String(std::string(kFailed)))
                  .With("message", Value::String(base::Printable(finished.error().message, kLongestMessage)));
  }
  outcome.synced = Value::Map(outcome.synced.type().element(), std::move(elements));
}

void SyncRun::TellUnseen(const base::Error& error) {
  const std::string summary = Cat("The destination cannot be looked at: ", spec_->kind);
  const Path path = Path::Of("destination").Attribute(spec_->kind);
  if (error.kind == base::ErrorKind::kDenied || error.kind == base::ErrorKind::kUntrusted) {
    diagnostics_.Warning(summary, Cat(schema::Describe(error), "\nThe state was left as it is."), path);
  } else {
    diagnostics_.Error(summary, error, "", path);
  }
}

DeployedByKey SyncRun::RemoveAll(const DeployedByKey& deployed, IfNotRemoved if_not) {
  std::vector<Deployed> all;
  for (const auto& [key, one] : deployed) all.push_back(one);
  const std::vector<bool> removed = Remove(all, if_not);
  DeployedByKey left;
  std::size_t i = 0;
  for (const auto& one : deployed) {
    if (!removed[i++]) left.insert(one);
  }
  return left;
}

std::vector<bool> SyncRun::Remove(const std::vector<Deployed>& all, IfNotRemoved if_not) {
  // What is to go goes, also when the run was interrupted meanwhile; else it may take as long as timeouts say.
  base::Call call = call_.Check() ? call_ : call_.ForCleanup(kCleanupLimit);
  if (if_not == IfNotRemoved::kInUse) call = call.Within(kCleanupLimit);
  std::vector<base::Result<void>> outcomes(all.size());
  base::ForEachInParallel(all.size(), spec_->max_concurrency,
                          [&](std::size_t i) { outcomes[i] = destination_->Remove(call, all[i]); });
  std::vector<bool> removed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    removed.push_back(outcomes[i].ok());
    if (outcomes[i]) {
      call.log.Info("certificate removed",
                    {{base::key::kDestination, std::string(spec_->kind)}, {base::key::kName, all[i].name}});
    } else if (if_not == IfNotRemoved::kInUse) {
      diagnostics_.Warning(Cat("What was replaced is still at the destination: ", all[i].external_id),
                           Cat(schema::Describe(outcomes[i].error()), "\nThe next apply tries again."),
                           Path::Of("destination").Attribute(spec_->kind));
    } else if (if_not == IfNotRemoved::kLost) {
      WarnOfLeftOver(all[i].external_id, schema::Describe(outcomes[i].error()), diagnostics_);
    } else {
      diagnostics_.Error(Cat("Not removed from the destination: ", all[i].external_id), outcomes[i].error(),
                         "The next apply tries again.", Path::Of("destination").Attribute(spec_->kind));
    }
  }
  return removed;
}

}  // namespace resources::certificate_sync
