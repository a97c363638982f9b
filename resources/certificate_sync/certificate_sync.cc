// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/certificate_sync.h"

#include "base/encoding.h"
#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "resources/certificate_sync/claims.h"
#include "resources/certificate_sync/create_entry.h"
#include "resources/certificate_sync/import.h"
#include "resources/certificate_sync/model.h"
#include "resources/certificate_sync/neighbors.h"
#include "resources/certificate_sync/plan.h"
#include "resources/certificate_sync/private_state.h"
#include "resources/certificate_sync/push.h"
#include "resources/certificate_sync/relocate.h"
#include "resources/certificate_sync/run.h"
#include "resources/certificate_sync/secrets.h"
#include "resources/certificate_sync/upgrade.h"
#include "resources/certificate_sync/validate.h"
#include "resources/lost_keys.h"
#include "resources/sealed/payload.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;
using engine::sync::DestinationSpec;
using schema::cty::Value;
using sealed::OpenSecrets;
using sealed::SealSecrets;

constexpr std::chrono::minutes kReadLimit{5};
constexpr std::chrono::minutes kChangeLimit{20};
constexpr std::string_view kWithdrawn = "The deployment was rolled back and will be retried on the next apply.";
constexpr std::string_view kTriedAgain = "What was pushed is in place. The next apply finishes it.";

SyncModel ReadModel(const Value& object) { return SyncModel::Schema().Read(object); }
Value Write(const SyncModel& sync) { return SyncModel::Schema().Write(sync); }

class CertificateSync final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    ValidateSync(ReadModel(config), diagnostics);
  }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    if (!HasSealingKey(context, request.prior, result.diagnostics)) return;
    const SyncModel prior = ReadModel(request.prior);
    SyncModel planned = ReadModel(result.planned);
    CheckConnection(context, prior, planned, result.diagnostics);
    CheckPrograms(context, planned.destination.value(), result.diagnostics);
    if (ReadModel(request.config).name_schema.is_null()) planned.name_schema = DefaultNameSchema(planned.destination.value());
    const bool is_new = request.prior.is_null();
    // What cannot be read is reported by the refresh and by the change.
    const bool is_lost = IsAbandoned(context, prior.receipt);
    auto read = ReadMemory(context, prior, request.prior_private);
    SyncMemory memory = read ? *std::move(read) : SyncMemory();
    const bool had_secrets = HasSecrets(memory);
    const SyncSecrets secrets = PlanSecrets(context, request.config, memory);
    memory.decided_at = request.now ? request.now : ParseMemory(request.planned_private).decided_at;
    PlanSynced(context,
               {.prior = prior,
                .memory = memory,
                .same_place = !is_new && IsSamePlace(context, prior, planned),
                .secrets_differ = secrets.differ,
                .receipt_lost = is_lost,
                // With other credentials, the apply looks at what those of the state were not allowed to see.
                .looks_again = memory.look_refused && !(prior.app_connection == planned.app_connection),
                .decided_at = memory.decided_at},
               planned, result.diagnostics);
    PlanRecords(context, prior, is_new, planned);
    result.planned = Write(planned);
    if (memory.decided_at || had_secrets || !secrets.values.empty()) result.planned_private = ToText(memory);
  }

  void NoteSaved(const Context& context, const Value& state) const override {
    const std::string id = ReadModel(state).id.OrEmpty();
    if (id.empty()) return;
    NoteInState(context, id);
    ForgetSavedSync(context, id);
  }

  void NotePlanned(const Context& context, const Value& prior, const Value& planned) const override {
    const SyncModel before = ReadModel(prior);
    const std::string id = before.id.OrEmpty();
    if (planned.is_null()) return NoteLeaving(context, id);
    if (!id.empty()) NoteKept(context, id);
    NoteClaims(context, before, ReadModel(planned));
  }

  ChangeResult Read(const base::Call& call, const Context& context, const Stored& current) const override {
    ChangeResult result{.stored = current};
    SyncModel state = ReadModel(current.state);
    if (!HasSealingKey(context, current.state, result.diagnostics) || IsAbandoned(context, state.receipt)) return result;
    auto memory = ReadMemory(context, state, current.private_data);
    if (!memory) {
      // A key that is missing must not block a plan that brings it back.
      result.diagnostics.Warning(Cat("The sync was not refreshed: ", state.name.OrEmpty()), schema::Describe(memory.error()),
                                 At(&SyncModel::receipt));
      return result;
    }
    if (memory->deployed.empty() || IsImported(state) || !state.synced.is_known()) return result;
    const base::Call limited = WithTimeout(call, state.timeouts, &Timeouts::read, kReadLimit);
    SyncRun run(limited, context, result.diagnostics);
    if (!run.Open(state, state.id.OrEmpty())) return result;
    const bool was_refused = memory->look_refused;
    state.synced = run.Refresh(state.synced.OrEmpty(), *memory);
    result.stored.state = Write(state);
    if (memory->look_refused != was_refused) result.stored.private_data = ToText(*memory);
    return result;
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior}};
    SyncModel planned = ReadModel(request.planned);
    const base::Call limited = WithTimeout(call, planned.timeouts, &Timeouts::create, kChangeLimit);
    const SyncSecrets secrets = SecretsOf(context, request.config, ParseMemory(request.planned_private));
    const auto sealed = Seal(context, secrets, result.diagnostics);
    if (!sealed) return result;
    CreateEntry entry = CreateEntry::Open(limited, context, planned);
    planned.id = entry.sync_id();
    SyncRun run(limited, context, result.diagnostics);
    run.BeginCreate(entry.is_resumed());
    if (!run.Open(planned, entry.sync_id(), secrets.values)) {
      entry.Remove();
      return result;
    }
    SyncOutcome outcome = PushCertificates(run, planned, {}, {.settings_changed = secrets.differ});
    if (!result.diagnostics.HasErrors()) (void)run.Finish(outcome, {}, kWithdrawn);
    if (result.diagnostics.HasErrors()) {
      // A tainted sync would be destroyed and created again, good objects included: what was pushed is withdrawn instead.
      // What was taken over from another sync serves and stays. The ID stays in the journal: a push that failed may have left its
      // mark.
      (void)run.RemoveAll(WithoutTakenOver(outcome.deployed), IfNotRemoved::kLost);
      return result;
    }
    Save(context, planned, outcome, *sealed, result);
    return result;
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const SyncModel prior = ReadModel(request.prior);
    SyncModel planned = ReadModel(request.planned);
    // Without the receipt, what is there is recognized by its marks.
    auto memory = IsAbandoned(context, prior.receipt) ? base::Result<SyncMemory>(SyncMemory())
                                                      : ReadMemory(context, prior, request.planned_private);
    if (!memory) {
      result.diagnostics.Error("The sync cannot be changed", memory.error(), "", At(&SyncModel::receipt));
      return result;
    }
    const base::Call limited = WithTimeout(call, planned.timeouts, &Timeouts::update, kChangeLimit);
    const SyncSecrets secrets = SecretsOf(context, request.config, *memory);
    const auto sealed = Seal(context, secrets, result.diagnostics);
    SyncRun run(limited, context, result.diagnostics);
    if (!sealed || !run.Open(planned, prior.id.OrEmpty(), secrets.values)) return result;
    const bool imported = IsImported(prior);
    if (imported && !run.Adopt(planned, memory->deployed)) return result;
    const Before before{.deployed = memory->deployed, .synced = prior.synced.OrEmpty()};
    if (imported || IsSamePlace(context, prior, planned)) {
      SyncOutcome outcome = PushCertificates(run, planned, before, {.settings_changed = secrets.differ});
      (void)run.Finish(outcome, before, kTriedAgain);
      Save(context, planned, outcome, *sealed, result);
      return result;
    }
    const Relocation move{.prior = prior, .planned = planned, .before = before, .secrets_differ = secrets.differ};
    auto outcome = PushToNewPlace(run, move);
    if (!outcome) return result;
    // Before anything is removed from the old place, which stays if the new one was given up.
    if (!run.Finish(*outcome, {}, kTriedAgain)) return result;
    Save(context, planned, *outcome, *sealed, result);
    RemoveFromOldPlace(limited, run, move, *outcome);
    return result;
  }

  ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    SyncModel prior = ReadModel(request.prior);
    auto memory = ReadMemory(context, prior, request.planned_private);
    if (!memory) {
      // A lost sealing key must not block the way out.
      result.diagnostics.Warning(Cat("Left at the destination: everything that the sync deployed: ", prior.name.OrEmpty()),
                                 schema::Describe(memory.error()), At(&SyncModel::receipt));
      result.stored.state = Value::Null(SyncModel::Schema().type());
      return result;
    }
    if (!memory->deployed.empty()) {
      const base::Call limited = WithTimeout(call, prior.timeouts, &Timeouts::remove, kChangeLimit);
      SyncRun run(limited, context, result.diagnostics);
      if (!run.Open(prior, prior.id.OrEmpty())) return result;
      // What a plan kept is replaced: its successor comes afterwards, or is there already.
      const std::string id = prior.id.OrEmpty();
      const Successors successors = IsKept(context, id) ? Successors::kIgnored : Successors::kAwaited;
      memory->deployed = run.RemoveAll(memory->deployed, IfNotRemoved::kKept, successors);
      if (auto receipt = SealReceipt(context, prior, *memory)) prior.receipt = *std::move(receipt);
      result.stored = {.state = Write(prior), .private_data = ToText(*memory)};
    }
    if (!result.diagnostics.HasErrors()) result.stored.state = Value::Null(SyncModel::Schema().type());
    return result;
  }

  std::span<const schema::UpgradeStep> upgrade_steps() const override { return SyncUpgradeSteps(); }

  ImportResult Import(const base::Call&, const Context& context, std::string_view id) const override {
    ImportResult result{.stored = {.state = Value::Null(SyncModel::Schema().type())}};
    const auto imported = ParseSyncImport(id);
    if (!imported) {
      result.diagnostics.Error("The sync cannot be imported", imported.error());
      return result;
    }
    SyncModel state;
    state.id = base::Hex(context.random->Bytes(16));
    result.stored = {.state = Write(state), .private_data = ToText({.deployed = *imported})};
    return result;
  }

 private:
  // Between an import and the apply that adopts the objects, the state has nothing but their external IDs.
  static bool IsImported(const SyncModel& state) { return !state.id.is_null() && state.destination.is_null(); }

  // The planned state with the outcome of a push.
  static void Save(const Context& context, SyncModel planned, const SyncOutcome& outcome, const std::string& sealed_secrets,
                   ChangeResult& result) {
    const SyncMemory memory{.deployed = outcome.deployed, .sealed_secrets = sealed_secrets};
    const HandleByKey certificates = planned.certificates.OrEmpty();
    planned.synced = outcome.synced;
    // After a failure also where the plan knew better.
    if (planned.pending_removals.is_unknown() || result.diagnostics.HasErrors()) {
      PendingByKey pending;
      for (const auto& [key, one] : outcome.deployed) {
        if (certificates.contains(key)) continue;
        PendingRemoval removal;
        removal.name = one.name;
        removal.external_id = one.external_id;
        pending[key] = removal;
      }
      planned.pending_removals = std::move(pending);
    }
    if (planned.receipt.is_unknown()) {
      auto receipt = SealReceipt(context, planned, memory);
      if (!receipt) return result.diagnostics.Error("The receipt cannot be sealed", receipt.error(), "", At(&SyncModel::receipt));
      planned.receipt = *std::move(receipt);
    }
    result.stored = {.state = Write(planned), .private_data = ToText(memory)};
  }

  static SyncSecrets ConfiguredSecrets(const Context& context, const Value& config, const SyncMemory& memory) {
    const Value destination = ReadModel(config).destination.value();
    const DestinationSpec* spec = ChosenDestination(destination);
    if (spec == nullptr) return {};
    return FindSecrets(context.sealer, *spec, destination.Get(spec->kind), memory.sealed_secrets);
  }

  // The apply uses what was planned: with ignore_changes, it is shown the configured value all the same.
  static SyncSecrets PlanSecrets(const Context& context, const Value& config, SyncMemory& memory) {
    SyncSecrets secrets = ConfiguredSecrets(context, config, memory);
    if (secrets.values.empty() && !HasSecrets(memory)) return secrets;
    const auto sealed = secrets.is_known ? SealSecrets(context.sealer, secrets.values) : std::string();
    memory.planned_secrets = sealed ? *sealed : std::string();
    return secrets;
  }

  static bool HasSecrets(const SyncMemory& memory) { return !memory.sealed_secrets.empty() || !memory.planned_secrets.empty(); }

  // Those to push with.
  static SyncSecrets SecretsOf(const Context& context, const Value& config, const SyncMemory& memory) {
    if (auto planned = OpenSecrets(context.sealer, memory.planned_secrets)) {
      return {.values = *std::move(planned), .differ = memory.planned_secrets != memory.sealed_secrets};
    }
    return ConfiguredSecrets(context, config, memory);
  }

  // Empty text for no secrets; nothing after an error.
  static std::optional<std::string> Seal(const Context& context, const SyncSecrets& secrets, schema::Diagnostics& diagnostics) {
    if (secrets.values.empty()) return std::string();
    auto sealed = SealSecrets(context.sealer, secrets.values);
    if (sealed) return *std::move(sealed);
    diagnostics.Error("The secrets of the destination cannot be kept", sealed.error(), "", At(&SyncModel::destination));
    return std::nullopt;
  }

  // True if certificates keep their place and names: then only their content is compared.
  static bool IsSamePlace(const Context& context, const SyncModel& prior, const SyncModel& planned) {
    return planned.destination.is_wholly_known() && prior.destination == planned.destination && planned.name_schema.is_known() &&
           prior.name_schema == planned.name_schema && planned.include_root_ca.is_known() &&
           prior.include_root_ca == planned.include_root_ca &&
           IsSameConnection(context, prior.app_connection, planned.app_connection);
  }

  const std::string type_name_ = "certwright_certificate_sync";
  const schema::Schema schema_ = CertificateSyncSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeCertificateSync() { return std::make_unique<CertificateSync>(); }

}  // namespace resources::certificate_sync
