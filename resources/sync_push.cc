// SPDX-License-Identifier: MPL-2.0
// Pushing: open what is wanted, look at what is there, decide (engine/sync/reconcile.h), carry out.
#include <algorithm>

#include "base/text.h"
#include "base/time_format.h"
#include "engine/sync/name_schema.h"
#include "resources/payload.h"
#include "resources/sync_run.h"
#include "schema/reader.h"

namespace resources {
namespace {

using base::Cat;
using engine::sync::Action;
using engine::sync::Decision;
using engine::sync::Deployed;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

struct Options {
  std::string name_schema{engine::sync::kDefaultNameSchema};
  engine::sync::LeftBehind left_behind = engine::sync::LeftBehind::kRemove;
};

Options OptionsFrom(const std::optional<Reader>& block) {
  Options options;
  if (!block) return options;
  if (auto name_schema = block->Text("name_schema")) options.name_schema = *std::move(name_schema);
  if (!block->Flag("remove_expired").value_or(true)) options.left_behind = engine::sync::LeftBehind::kLetGo;
  return options;
}

std::string NameOf(const engine::sync::Bundle& bundle, const std::string& name_schema) {
  const auto& leaf = bundle.chain.front();
  return engine::sync::CompileName(name_schema,
                                   {.certificate_id = bundle.certificate_id,
                                    .common_name = leaf.dns_names.empty() ? leaf.subject_common_name : leaf.dns_names.front()});
}

Value TextOrNull(const std::string& text) { return text.empty() ? Value::Null(Type::String()) : Value::String(text); }

Value SyncedElement(const Type& type, const Deployed& deployed, base::TimePoint not_after, base::TimePoint now) {
  Value::Members members;
  members.emplace("name", TextOrNull(deployed.name));
  members.emplace("external_id", TextOrNull(deployed.external_id));
  members.emplace("version", TextOrNull(deployed.version));
  members.emplace("fingerprint_sha256", TextOrNull(deployed.fingerprint_sha256));
  members.emplace("not_after", Value::String(base::FormatRfc3339(not_after)));
  members.emplace("status", Value::String("synced"));
  members.emplace("synced_at", Value::String(base::FormatRfc3339(now)));
  return Value::ObjectOf(type, std::move(members));
}

// What is not known stays null; the status makes the next plan see work to do.
Value FailedElement(const Type& type, const std::string& message) {
  Value::Members members;
  members.emplace("status", Value::String("failed"));
  members.emplace("message", Value::String(base::Printable(message, 1024)));
  return Value::ObjectOf(type, std::move(members));
}

}  // namespace

struct SyncRun::Push {
  Type element;  // of `synced`
  Options options;
  std::map<std::string, engine::sync::Bundle> bundles{};
  std::vector<engine::sync::Wanted> wanted{};
  std::vector<engine::sync::Existing> existing{};
  std::vector<Deployed> replaced{};  // under names that are used no more
  Value::Members elements{};
  DeployedByKey deployed{};
  bool failed = false;

  void Fail(const std::string& key, const std::string& message) {
    failed = true;
    elements.insert_or_assign(key, FailedElement(element, message));
  }
};

SyncOutcome SyncRun::PushAll(const Value& planned, const DeployedByKey& before) { return PushWith(planned, before, true); }

SyncOutcome SyncRun::PushOnly(const Value& planned, const DeployedByKey& before) { return PushWith(planned, before, false); }

SyncOutcome SyncRun::PushWith(const Value& planned, const DeployedByKey& before, bool remove) {
  Push push{.element = planned.type().Find("synced")->element(),
            .options = OptionsFrom(Reader(schema_.attributes, planned).Single("options"))};
  OpenCertificates(planned, push);
  Look(planned, before, push);
  const auto decisions = engine::sync::Decide(push.wanted, push.existing, push.options.left_behind);
  if (!decisions) {
    diagnostics_.Error("Two certificates with one name", decisions.error(), "Remove one, or change options.name_schema.",
                       Path::Of("certificates"));
    for (const auto& one : push.wanted) push.Fail(one.key, decisions.error().message);
    return {.synced = Value::Map(push.element, std::move(push.elements)), .deployed = before};
  }
  for (const Decision& decision : *decisions) CarryOut(decision, planned, push);
  for (const Decision& decision : *decisions) {
    if (remove) TakeAway(decision, push);
  }
  if (remove && !push.failed) {
    for (const Deployed& one : push.replaced) (void)Remove(one);
  }
  return {.synced = Value::Map(push.element, std::move(push.elements)), .deployed = std::move(push.deployed)};
}

void SyncRun::OpenCertificates(const Value& planned, Push& push) {
  for (const auto& [key, handle] : planned.Get("certificates").AsMembers()) {
    auto opened = OpenCertificate(context_.sealer, handle.is_known() ? handle.AsString() : "");
    auto bundle = opened ? engine::sync::MakeBundle(opened->certificate_id, opened->full_chain_pem, opened->private_key_pem)
                         : base::Result<engine::sync::Bundle>(opened.error());
    if (!bundle) {
      diagnostics_.Error(Cat("The certificate cannot be used: ", key), bundle.error(), "", Path::Of("certificates").Key(key));
      push.Fail(key, bundle.error().message);
      continue;
    }
    push.wanted.push_back({.key = key,
                           .name = NameOf(*bundle, push.options.name_schema),
                           .fingerprint_sha256 = bundle->chain.front().fingerprint_sha256,
                           .certificate_id = bundle->certificate_id});
    push.bundles.emplace(key, *std::move(bundle));
  }
}

// An entry that the plan leaves alone is not looked at again; one that cannot be looked at counts as it was: the push will tell.
void SyncRun::Look(const Value& planned, const DeployedByKey& before, Push& push) {
  const Value synced = planned.Get("synced");
  for (const auto& [key, known] : before) {
    if (push.elements.contains(key)) {  // its certificate could not be opened: what is there stays
      push.deployed.emplace(key, known);
      continue;
    }
    const auto element = synced.AsMembers().find(key);
    const bool settled = element != synced.AsMembers().end() && element->second.is_wholly_known();
    auto seen = settled ? base::Result<std::optional<Deployed>>(std::optional(known)) : destination_->Observe(call_, known);
    push.existing.push_back({.key = key, .known = known, .observed = seen ? *std::move(seen) : std::optional(known)});
  }
}

void SyncRun::CarryOut(const Decision& decision, const Value& planned, Push& push) {
  const std::string& key = decision.key;
  switch (decision.action) {
    case Action::kCreate:
    case Action::kReplace:
      return Put(decision, push);
    case Action::kUnchanged: {
      const Value& element = planned.Get("synced").AsMembers().find(key)->second;
      push.deployed.insert_or_assign(key, *decision.previous);
      push.elements.insert_or_assign(
          key, element.is_wholly_known()
                   ? element
                   : SyncedElement(push.element, *decision.previous, push.bundles.at(key).chain.front().not_after, call_.Now()));
      return;
    }
    case Action::kRemove:
    case Action::kLetGo:
      return;
  }
}

void SyncRun::Put(const Decision& decision, Push& push) {
  const std::string& key = decision.key;
  const engine::sync::Bundle& bundle = push.bundles.at(key);
  const std::string name = NameOf(bundle, push.options.name_schema);
  const base::TimePoint start = call_.Now();
  std::optional<Deployed> now;
  const auto put = destination_->Put(call_, name, bundle, decision.previous, now);
  if (now) push.deployed.insert_or_assign(key, *now);
  if (!put) {
    if (!now && decision.previous) push.deployed.insert_or_assign(key, *decision.previous);
    diagnostics_.Error(Cat("The certificate could not be pushed: ", key), put.error(), "", Path::Of("certificates").Key(key));
    push.Fail(key, put.error().message);
    return;
  }
  if (decision.previous && decision.previous->external_id != now->external_id) push.replaced.push_back(*decision.previous);
  push.elements.insert_or_assign(key, SyncedElement(push.element, *now, bundle.chain.front().not_after, call_.Now()));
  call_.log.Info("certificate pushed",
                 {{base::key::kDestination, kind_},
                  {base::key::kName, name},
                  {base::key::kStep, decision.reason},
                  {base::key::kTook, std::chrono::duration_cast<std::chrono::milliseconds>(call_.Now() - start)}});
}

void SyncRun::TakeAway(const Decision& decision, Push& push) {
  if (decision.action == Action::kLetGo) {
    diagnostics_.Warning(Cat("Left at the destination: ", decision.previous->external_id),
                         "It left `certificates` while options.remove_expired is false: it is no longer looked after.");
  }
  if (decision.action != Action::kRemove) return;
  // Nothing that serves is taken away while its successor is missing.
  if (push.failed || !Remove(*decision.previous)) push.deployed.try_emplace(decision.key, *decision.previous);
}

}  // namespace resources
