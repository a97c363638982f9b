// SPDX-License-Identifier: MPL-2.0
// Pushing: open what is wanted, look at what is there, decide (engine/sync/reconcile.h), carry out.
#include <algorithm>

#include "base/http/trust_store.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/sync/name_schema.h"
#include "engine/sync/root_ca.h"
#include "resources/certificate_sync/run.h"
#include "resources/sealed/payload.h"
#include "schema/reader.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;
using engine::sync::Action;
using engine::sync::Decision;
using engine::sync::Deployed;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::OpenCertificate;

struct Options {
  std::string name_schema{engine::sync::kDefaultNameSchema};
  bool include_root_ca = false;
  engine::sync::LeftBehind left_behind = engine::sync::LeftBehind::kRemove;
};

Options OptionsFrom(const std::optional<Reader>& block) {
  Options options;
  if (!block) return options;
  if (auto name_schema = block->Text("name_schema")) options.name_schema = *std::move(name_schema);
  options.include_root_ca = block->Flag("include_root_ca").value_or(false);
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

// Settled, unlike one with an external id: nothing of it is at the destination any more, or it is looked after no more.
Value ExpiredElement(const Type& type, base::TimePoint not_after) {
  const std::string when = base::FormatRfc3339(not_after);
  Value::Members members;
  members.emplace("not_after", Value::String(when));
  members.emplace("status", Value::String("expired"));
  members.emplace("message", Value::String(Cat("it expired on ", when)));
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
  bool remove = true;
  bool settings_changed = false;
  std::string trusted_roots{};  // read once, when a root is wanted
  std::map<std::string, base::Result<std::vector<base::crypto::Certificate>>> missing_issuers{};  // by what they are above of
  std::map<std::string, engine::sync::Bundle> bundles{};
  std::map<std::string, base::TimePoint> expired{};
  std::vector<engine::sync::Wanted> wanted{};
  std::vector<engine::sync::Existing> existing{};
  std::vector<Deployed> replaced{};  // under names that are used no more
  Value::Members elements{};
  DeployedByKey deployed{};
  bool failed = false;

  Push(const schema::Schema& schema, const Value& planned)
      : element(planned.type().Find("synced")->element()),
        options(OptionsFrom(Reader(schema.attributes, planned).Single("options"))) {}

  void Fail(const std::string& key, const std::string& message) {
    failed = true;
    elements.insert_or_assign(key, FailedElement(element, message));
  }
  // Keeps what another object has taken the place of and is still there. The successor counts as failed, so that the next plan
  // sees that something is to be done.
  void Supersede(Deployed former) {
    former.superseded = true;
    for (const auto& [key, one] : deployed) {
      const auto successor = elements.find(key);
      if (one.superseded || one.certificate_id != former.certificate_id || successor == elements.end()) continue;
      successor->second = successor->second.With("status", Value::String("failed"))
                              .With("message", Value::String(Cat("what it replaced is still there: ", former.external_id)));
    }
    const std::string key = Cat("replaced: ", former.external_id);
    deployed.insert_or_assign(key, std::move(former));
  }
  // Not written as it shall be: the next run knows that by then the settings are not new any more.
  void Leave(const std::string& key, Deployed there) {
    there.unfinished = there.unfinished || settings_changed;
    deployed.insert_or_assign(key, std::move(there));
  }
};

SyncOutcome SyncRun::PushAll(const Value& planned, const DeployedByKey& before, bool settings_changed) {
  Push push(schema_, planned);
  push.settings_changed = settings_changed;
  return PushWith(planned, before, push);
}

SyncOutcome SyncRun::PushOnly(const Value& planned, const DeployedByKey& before, bool settings_changed) {
  Push push(schema_, planned);
  push.remove = false;
  push.settings_changed = settings_changed;
  return PushWith(planned, before, push);
}

SyncOutcome SyncRun::PushWith(const Value& planned, const DeployedByKey& before, Push& push) {
  OpenCertificates(planned, push);
  Look(planned, before, push);
  const auto decisions = engine::sync::Decide(push.wanted, push.existing, push.options.left_behind);
  if (!decisions) {
    diagnostics_.Error("Two certificates with one name", decisions.error(), "Remove one, or change options.name_schema.",
                       Path::Of("certificates"));
    for (const auto& one : push.wanted) push.Fail(one.key, decisions.error().message);
    return {.synced = Value::Map(push.element, std::move(push.elements)), .deployed = before};
  }
  for (const Decision& decision : *decisions) Keep(decision, planned, push);
  PutAll(*decisions, push);
  if (push.remove) TakeAway(*decisions, push);
  // Also those that were never pushed, and those whose removal is still due: then Read says so with their external id.
  for (const auto& [key, not_after] : push.expired) {
    if (push.deployed.contains(key)) {
      push.elements.insert_or_assign(
          key,
          SyncedElement(push.element, push.deployed.at(key), not_after, call_.Now()).With("status", Value::String("expired")));
    } else {
      push.elements.insert_or_assign(key, ExpiredElement(push.element, not_after));
    }
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
    if (const base::TimePoint not_after = bundle->chain.front().not_after; not_after <= call_.Now()) {
      push.expired.emplace(key, not_after);
      diagnostics_.Warning("Certificates that have expired are not pushed", Cat("\"", key, "\" has expired: renew it."),
                           Path::Of("certificates").Key(key));
      continue;
    }
    if (push.options.include_root_ca && !AddRoot(*bundle, key, push)) continue;
    push.wanted.push_back({.key = key,
                           .name = NameOf(*bundle, push.options.name_schema),
                           .fingerprint_sha256 = bundle->chain.front().fingerprint_sha256,
                           .certificate_id = bundle->certificate_id,
                           .chain_sha256 = bundle->ChainSha256(),
                           .settings_changed = push.settings_changed});
    push.bundles.emplace(key, *std::move(bundle));
  }
}

// Most certificates of a sync have one issuer: the way up from it is looked for once.
bool SyncRun::AddRoot(engine::sync::Bundle& bundle, const std::string& key, Push& push) {
  const auto& chain = bundle.chain;
  if (push.trusted_roots.empty()) push.trusted_roots = base::http::ReadTrustBundle();
  const std::string& top = chain.back().is_ca ? chain.back().fingerprint_sha256 : chain.back().issuer;
  auto found = push.missing_issuers.find(top);
  if (found == push.missing_issuers.end()) {
    found = push.missing_issuers.emplace(top, engine::sync::FindMissingIssuers(call_, *context_.http, chain, push.trusted_roots))
                .first;
  }
  const auto& missing = found->second;
  if (!missing) {
    diagnostics_.Error(
        Cat("The root certificate cannot be added: ", key), missing.error(),
        "Leave the root out with options.include_root_ca = false, or add it to the roots that this machine trusts.",
        Path::Of("options").Attribute("include_root_ca"));
    push.Fail(key, missing.error().message);
    return false;
  }
  bundle.chain.insert(bundle.chain.end(), missing->begin(), missing->end());
  return true;
}

// An entry that the plan leaves alone is not looked at again; one that cannot be looked at counts as it was: the push will tell.
void SyncRun::Look(const Value& planned, const DeployedByKey& before, Push& push) {
  const Value synced = planned.Get("synced");
  std::vector<std::size_t> unsettled;
  std::vector<const Deployed*> asked;
  for (const auto& [key, known] : before) {
    if (push.elements.contains(key)) {  // its certificate could not be opened: what is there stays
      push.Leave(key, known);
      continue;
    }
    const auto element = synced.AsMembers().find(key);
    push.existing.push_back({.key = key, .known = known, .observed = known});
    if (element != synced.AsMembers().end() && element->second.is_wholly_known()) continue;
    unsettled.push_back(push.existing.size() - 1);
    asked.push_back(&known);
  }
  const auto seen = Observe(asked);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]) push.existing[unsettled[i]].observed = *seen[i];
  }
}

void SyncRun::Keep(const Decision& decision, const Value& planned, Push& push) {
  if (decision.action != Action::kUnchanged) return;
  const std::string& key = decision.key;
  const Value& element = planned.Get("synced").AsMembers().find(key)->second;
  push.deployed.insert_or_assign(key, *decision.previous);
  push.elements.insert_or_assign(
      key, element.is_wholly_known()
               ? element
               : SyncedElement(push.element, *decision.previous, push.bundles.at(key).chain.front().not_after, call_.Now()));
}

void SyncRun::PutAll(const std::vector<Decision>& decisions, Push& push) {
  struct Upload {
    const Decision* decision;
    std::string name;
    std::optional<Deployed> now{};
    base::Result<void> put{};
    std::chrono::milliseconds took{};
  };
  std::vector<Upload> uploads;
  for (const Decision& one : decisions) {
    if (one.action != Action::kCreate && one.action != Action::kReplace) continue;
    uploads.push_back({&one, NameOf(push.bundles.at(one.key), push.options.name_schema)});
  }
  base::ForEachInParallel(uploads.size(), spec_->max_concurrency, [&](std::size_t i) {
    Upload& one = uploads[i];
    const base::TimePoint start = call_.Now();
    one.put = destination_->Put(call_, one.name, push.bundles.at(one.decision->key), one.decision->previous, one.now);
    one.took = std::chrono::duration_cast<std::chrono::milliseconds>(call_.Now() - start);
    if (!one.put) return;
    call_.log.Info("certificate pushed", {{base::key::kDestination, std::string(spec_->kind)},
                                          {base::key::kName, one.name},
                                          {base::key::kStep, one.decision->reason},
                                          {base::key::kTook, one.took}});
  });
  for (Upload& one : uploads) {
    const std::string& key = one.decision->key;
    const engine::sync::Bundle& bundle = push.bundles.at(key);
    const auto& previous = one.decision->previous;
    const bool moved = previous && one.now && previous->external_id != one.now->external_id;
    if (!one.put) {
      if (moved) push.Supersede(*previous);
      if (!one.now) one.now = previous;
      if (one.now) push.Leave(key, *one.now);
      diagnostics_.Error(Cat("The certificate could not be pushed: ", key), one.put.error(), "",
                         Path::Of("certificates").Key(key));
      push.Fail(key, one.put.error().message);
      continue;
    }
    one.now->unfinished = false;
    one.now->chain_sha256 = bundle.ChainSha256();
    push.deployed.insert_or_assign(key, *one.now);
    push.elements.insert_or_assign(key, SyncedElement(push.element, *one.now, bundle.chain.front().not_after, call_.Now()));
    if (moved) push.replaced.push_back(*previous);
  }
}

// Nothing that serves is taken away while its successor is missing.
void SyncRun::TakeAway(const std::vector<Decision>& decisions, Push& push) {
  std::vector<std::string> keys;
  std::vector<Deployed> leaving;
  for (const Decision& decision : decisions) {
    if (decision.action == Action::kLetGo) {
      diagnostics_.Warning(
          Cat("Left at the destination: ", decision.previous->external_id),
          "It expired or left `certificates` while options.remove_expired is false: it is no longer looked after.");
    }
    if (decision.action != Action::kRemove) continue;
    if (decision.previous->superseded) {
      push.replaced.push_back(*decision.previous);
      continue;
    }
    keys.push_back(decision.key);
    leaving.push_back(*decision.previous);
  }
  std::vector<bool> removed(leaving.size(), false);
  if (!push.failed) {
    removed = Remove(leaving, IfNotRemoved::kKept);
    const std::vector<bool> gone = Remove(push.replaced, IfNotRemoved::kInUse);
    for (std::size_t i = 0; i < gone.size(); ++i) {
      if (!gone[i]) push.Supersede(push.replaced[i]);
    }
  } else {
    for (const Deployed& one : push.replaced) push.Supersede(one);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!removed[i]) push.deployed.try_emplace(keys[i], leaving[i]);
  }
}

}  // namespace resources::certificate_sync
