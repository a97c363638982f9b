// SPDX-License-Identifier: MPL-2.0
#include "resources/sync_run.h"

#include "base/text.h"
#include "engine/sync/catalog.h"
#include "resources/extension_block.h"
#include "resources/payload.h"
#include "schema/reader.h"

namespace resources {
namespace {

using base::Cat;
using engine::sync::Deployed;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

constexpr std::chrono::minutes kCleanupLimit{1};
constexpr std::size_t kLongestMessage = 1024;
constexpr std::string_view kSynced = "synced";
constexpr std::string_view kFailed = "failed";

Value TextOrNull(const std::string& text) { return text.empty() ? Value::Null(Type::String()) : Value::String(text); }

// The element with what was seen at the destination. One that failed to be pushed stays failed.
Value Refreshed(const Value& element, const Deployed& known, const std::optional<Deployed>& seen) {
  const auto with = [&](std::string_view status, const std::string& message) {
    return element.With("status", Value::String(std::string(status)))
        .With("message", TextOrNull(message))
        .With("fingerprint_sha256", seen ? TextOrNull(seen->fingerprint_sha256) : Value::Null(Type::String()));
  };
  if (!seen) return with("missing", "it is gone from the destination");
  if (seen->fingerprint_sha256 != known.fingerprint_sha256) return with("drifted", "another certificate is in its place");
  if (seen->key_fingerprint != known.key_fingerprint) return with("drifted", "its key, chain or permissions were changed");
  const Value status = element.Get("status");
  return status.is_known() && status.AsString() == kFailed ? element : with(kSynced, "");
}

}  // namespace

bool SyncRun::Open(const Value& values, std::string_view sync_id) {
  const Reader sync(schema_.attributes, values);
  const Value block = values.Get("destination");
  for (const auto& spec : engine::sync::Destinations()) {
    if (!block.Get(spec.kind).is_known()) continue;
    kind_ = spec.kind;
    std::optional<engine::connections::Connection> connection;
    if (const auto handle = sync.SecretText("app_connection")) {
      auto opened = OpenConnection(context_.sealer, handle->Reveal());
      if (!opened) {
        diagnostics_.Error("The connection cannot be used", opened.error(), "", Path::Of("app_connection"));
        return false;
      }
      connection = *std::move(opened);
    }
    auto made = spec.make(ReadBlock(spec.fields, block.Get(spec.kind)).settings, connection ? &*connection : nullptr,
                          context_.deps(), sync_id);
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

Value SyncRun::Refresh(const Value& synced, const DeployedByKey& deployed) {
  if (!synced.is_known()) return synced;
  Value::Members elements = synced.AsMembers();
  for (const auto& [key, known] : deployed) {
    const auto element = elements.find(key);
    if (element == elements.end()) continue;
    const auto seen = destination_->Observe(call_, known);
    if (!seen && seen.error().kind == base::ErrorKind::kDenied) {
      diagnostics_.Warning(Cat("The destination cannot be looked at: ", kind_),
                           Cat(schema::Describe(seen.error()), "\nThe state was left as it is."),
                           Path::Of("destination").Attribute(kind_));
      return synced;
    }
    if (!seen) {
      diagnostics_.Error(Cat("The destination cannot be looked at: ", kind_), seen.error(), "",
                         Path::Of("destination").Attribute(kind_));
      return synced;
    }
    element->second = Refreshed(element->second, known, *seen);
  }
  return Value::Map(synced.type().element(), std::move(elements));
}

void SyncRun::Finish(SyncOutcome& outcome, std::string_view advice) {
  const auto finished = destination_->Finish(call_);
  for (auto& [key, one] : outcome.deployed) one.unfinished = !finished.ok();
  if (finished) return;
  diagnostics_.Error(Cat("Not finished at the destination: ", kind_), finished.error(), std::string(advice),
                     Path::Of("destination").Attribute(kind_));
  Value::Members elements = outcome.synced.AsMembers();
  for (auto& [key, element] : elements) {
    if (element.Get("status").AsString() == kFailed) continue;  // it has a reason of its own
    element = element.With("status", Value::String(std::string(kFailed)))
                  .With("message", Value::String(base::Printable(finished.error().message, kLongestMessage)));
  }
  outcome.synced = Value::Map(outcome.synced.type().element(), std::move(elements));
}

DeployedByKey SyncRun::RemoveAll(const DeployedByKey& deployed) {
  DeployedByKey left;
  for (const auto& [key, one] : deployed) {
    if (!Remove(one)) left.emplace(key, one);
  }
  return left;
}

bool SyncRun::Remove(const Deployed& deployed) {
  // What is to go goes, also when the run was interrupted meanwhile.
  const auto removed = destination_->Remove(call_.ForCleanup(kCleanupLimit), deployed);
  if (!removed) {
    diagnostics_.Error(Cat("Not removed from the destination: ", deployed.external_id), removed.error(),
                       "The next apply tries again.", Path::Of("destination").Attribute(kind_));
    return false;
  }
  call_.log.Info("certificate removed", {{base::key::kDestination, kind_}, {base::key::kName, deployed.name}});
  return true;
}

}  // namespace resources
