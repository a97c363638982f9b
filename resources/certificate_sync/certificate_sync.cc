// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/certificate_sync.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "engine/sync/name_schema.h"
#include "engine/vendors/catalog.h"
#include "resources/certificate_sync/import.h"
#include "resources/certificate_sync/private_state.h"
#include "resources/certificate_sync/run.h"
#include "resources/certificate_sync/schema.h"
#include "resources/certificate_sync/secrets.h"
#include "resources/certificate_sync/validate.h"
#include "resources/extension_block.h"
#include "resources/sealed/payload.h"
#include "resources/timeouts.h"
#include "schema/reader.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;
using engine::sync::DestinationSpec;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::OpenCertificate;
using sealed::OpenConnection;
using sealed::OpenSecrets;
using sealed::Sealer;
using sealed::SealSecrets;

constexpr std::chrono::minutes kReadLimit{5};
constexpr std::chrono::minutes kChangeLimit{20};
constexpr std::string_view kWithdrawn = "What was just pushed has been withdrawn; the next apply pushes it again.";
constexpr std::string_view kTriedAgain = "What was pushed is in place; the next apply finishes it.";

class CertificateSync final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override { ValidateSync(config, diagnostics); }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    CheckPrograms(context, result.planned.Get("destination"), result.diagnostics);
    const SyncSecrets secrets = PlanSecrets(context, request, result);
    const Value certificates = result.planned.Get("certificates");
    if (!certificates.is_known()) {
      result.planned = result.planned.With("synced", Value::Unknown(*result.planned.type().Find("synced")));
      return;
    }
    CheckUniqueCertificates(certificates, result.diagnostics);
    const Type synced_type = *result.planned.type().Find("synced");
    const bool same_place = !request.prior.is_null() && IsSamePlace(context, request.prior, result.planned) && !secrets.differ;
    Value::Members synced;
    for (const auto& [key, handle] : certificates.AsMembers()) {
      const Value* kept = same_place ? Healthy(request.prior, key, handle) : nullptr;
      if (kept == nullptr) CheckHasKey(context, key, handle, result.diagnostics);
      synced.emplace(key, kept != nullptr ? *kept : UnknownMembers(synced_type.element()));
    }
    result.planned = result.planned.With("synced", Value::Map(synced_type.element(), std::move(synced)));
  }

  ChangeResult Read(const base::Call& call, const Context& context, const Stored& current) const override {
    ChangeResult result{.stored = current};
    const DeployedByKey deployed = ParseMemory(current.private_data).deployed;
    if (deployed.empty() || IsImported(current.state)) return result;
    const base::Call limited = Limited(call, current.state, "read");
    SyncRun run(limited, context, schema_, result.diagnostics);
    if (!run.Open(current.state, IdOf(current.state))) return result;
    result.stored.state = current.state.With("synced", run.Refresh(current.state.Get("synced"), deployed));
    return result;
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior}};
    const std::string id = base::Hex(context.random->Bytes(16));
    const base::Call limited = Limited(call, request.planned, "create");
    const SyncSecrets secrets = SecretsOf(context, request.config, request.planned_private);
    const auto sealed = Seal(context, secrets, result.diagnostics);
    SyncRun run(limited, context, schema_, result.diagnostics);
    if (!sealed || !run.Open(request.planned, id, secrets.values)) return result;
    SyncOutcome outcome = run.PushAll(request.planned, {}, secrets.differ);
    if (!result.diagnostics.HasErrors()) run.Finish(outcome, kWithdrawn);
    if (result.diagnostics.HasErrors()) {
      // A tainted sync would be destroyed and made anew, good objects included: what was pushed is withdrawn instead.
      (void)run.RemoveAll(outcome.deployed, IfNotRemoved::kLost);
      return result;
    }
    result.stored.state = request.planned.With("id", Value::String(id)).With("synced", outcome.synced);
    result.stored.private_data = ToText({outcome.deployed, *sealed});
    return result;
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    DeployedByKey before = ParseMemory(request.planned_private).deployed;
    const base::Call limited = Limited(call, request.planned, "update");
    const SyncSecrets secrets = SecretsOf(context, request.config, request.planned_private);
    const auto sealed = Seal(context, secrets, result.diagnostics);
    SyncRun run(limited, context, schema_, result.diagnostics);
    if (!sealed || !run.Open(request.planned, IdOf(request.prior), secrets.values)) return result;
    const bool imported = IsImported(request.prior);
    if (imported && !run.Adopt(request.planned, before)) return result;
    if (imported || IsSamePlace(context, request.prior, request.planned)) {
      SyncOutcome outcome = run.PushAll(request.planned, before, secrets.differ);
      run.Finish(outcome, kTriedAgain);
      result.stored = {.state = WithLeftOver(request, outcome), .private_data = ToText({outcome.deployed, *sealed})};
      return result;
    }
    Relocate(limited, context, request, {.before = before, .secrets_differ = secrets.differ, .sealed_secrets = *sealed}, run,
             result);
    return result;
  }

  ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    SyncMemory memory = ParseMemory(request.planned_private);
    if (!memory.deployed.empty()) {
      const base::Call limited = Limited(call, request.prior, "delete");
      SyncRun run(limited, context, schema_, result.diagnostics);
      if (!run.Open(request.prior, IdOf(request.prior))) return result;
      memory.deployed = run.RemoveAll(memory.deployed, IfNotRemoved::kKept);
      result.stored.private_data = ToText(memory);
    }
    if (!result.diagnostics.HasErrors()) result.stored.state = Value::Null(schema_.ImpliedType());
    return result;
  }

  ImportResult Import(const base::Call&, const Context& context, std::string_view id) const override {
    ImportResult result{.stored = {.state = Value::Null(schema_.ImpliedType())}};
    const auto imported = ParseSyncImport(id);
    if (!imported) {
      result.diagnostics.Error("The sync cannot be imported", imported.error());
      return result;
    }
    Value::Members members;
    members.emplace("id", Value::String(base::Hex(context.random->Bytes(16))));
    result.stored = {.state = Value::ObjectOf(schema_.ImpliedType(), std::move(members)),
                     .private_data = ToText({.deployed = *imported})};
    return result;
  }

 private:
  // Between an import and the apply that takes the objects over, the state knows nothing but their external ids.
  static bool IsImported(const Value& state) { return !state.is_null() && state.Get("destination").is_null(); }

  base::Call Limited(const base::Call& call, const Value& values, std::string_view operation) const {
    return WithTimeout(call, Reader(schema_.attributes, values), operation, operation == "read" ? kReadLimit : kChangeLimit);
  }

  static std::string IdOf(const Value& state) {
    const Value id = state.Get("id");
    return id.is_known() ? id.AsString() : std::string();
  }

  static SyncSecrets ConfiguredSecrets(const Context& context, const Value& config, const SyncMemory& memory) {
    const Value destination = config.Get("destination");
    const DestinationSpec* spec = ChosenDestination(destination);
    if (spec == nullptr) return {};
    return FindSecrets(context.sealer, *spec, destination.Get(spec->kind), memory.sealed_secrets);
  }

  // The change takes what was planned: to it, ignore_changes shows the configuration all the same.
  static SyncSecrets PlanSecrets(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) {
    SyncMemory memory = ParseMemory(request.prior_private);
    SyncSecrets secrets = ConfiguredSecrets(context, request.config, memory);
    if (secrets.values.empty() && memory.sealed_secrets.empty() && memory.planned_secrets.empty()) return secrets;
    const auto sealed = secrets.is_known ? SealSecrets(context.sealer, secrets.values) : std::string();
    memory.planned_secrets = sealed ? *sealed : std::string();
    result.planned_private = ToText(memory);
    return secrets;
  }

  // Those to push with.
  static SyncSecrets SecretsOf(const Context& context, const Value& config, const std::string& planned_private) {
    const SyncMemory memory = ParseMemory(planned_private);
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
    diagnostics.Error("The secrets of the destination cannot be kept", sealed.error(), "", Path::Of("destination"));
    return std::nullopt;
  }

  static void CheckUniqueCertificates(const Value& certificates, schema::Diagnostics& diagnostics) {
    std::map<std::string_view, std::string_view> keys;  // by handle
    for (const auto& [key, handle] : certificates.AsMembers()) {
      if (!handle.is_known()) continue;
      const auto [first, is_new] = keys.emplace(handle.AsString(), key);
      if (is_new) continue;
      diagnostics.Error("One certificate twice",
                        Cat("\"", first->second, "\" and \"", key,
                            "\" are the same certificate and would get the same name at the "
                            "destination: remove one of them."),
                        Path::Of("certificates").Key(key));
    }
  }

  // Of a certificate with csr_pem nobody but its owner has the key. What cannot be opened is told when it is pushed.
  static void CheckHasKey(const Context& context, const std::string& key, const Value& handle, schema::Diagnostics& diagnostics) {
    if (!handle.is_known() || context.sealer.state() != Sealer::State::kReady) return;
    const auto opened = OpenCertificate(context.sealer, handle.AsString());
    if (!opened || !opened->private_key_pem.empty()) return;
    diagnostics.Error(
        Cat("The certificate has no private key here: ", key),
        "It was ordered with csr_pem, so that its key is known to its owner alone, and every destination needs the key. "
        "Deploy it where the key is, or let the provider make the key: remove csr_pem from the certificate.",
        Path::Of("certificates").Key(key));
  }

  // Nothing is to be done about it: it is there, or it has expired and what was there is ours no more.
  static bool IsSettled(const Value& element) {
    const Value status = element.Get("status");
    if (!status.is_known()) return false;
    return status.AsString() == "synced" || (status.AsString() == "expired" && element.Get("external_id").is_null());
  }

  // The prior element when nothing about it is to be done; else null.
  static const Value* Healthy(const Value& prior, const std::string& key, const Value& handle) {
    const Value& certificates = prior.AsMembers().find("certificates")->second;
    const Value& synced = prior.AsMembers().find("synced")->second;
    if (!certificates.is_known() || !synced.is_known()) return nullptr;
    const auto before = certificates.AsMembers().find(key);
    const auto element = synced.AsMembers().find(key);
    if (before == certificates.AsMembers().end() || element == synced.AsMembers().end() || before->second != handle)
      return nullptr;
    return IsSettled(element->second) ? &element->second : nullptr;
  }

  static Value UnknownMembers(const Type& element) {
    Value::Members members;
    for (const auto& [name, type] : element.attributes()) members.emplace(name, Value::Unknown(type));
    return Value::ObjectOf(element, std::move(members));
  }

  // True when certificates stay where and as they are called: then only their content is looked at.
  static bool IsSamePlace(const Context& context, const Value& prior, const Value& planned) {
    const auto name_schema = [](const Value& value) {
      const Value text = value.Get("options").Get("name_schema");
      return text.is_null() ? Value::String(std::string(engine::sync::kDefaultNameSchema)) : text;
    };
    const auto include_root = [](const Value& value) {
      const Value wanted = value.Get("options").Get("include_root_ca");
      return wanted.is_null() ? Value::Bool(false) : wanted;
    };
    return planned.Get("destination").is_wholly_known() && prior.Get("destination") == planned.Get("destination") &&
           name_schema(prior) == name_schema(planned) && include_root(prior) == include_root(planned) &&
           IsSameConnection(context, prior.Get("app_connection"), planned.Get("app_connection"));
  }

  static bool IsSameConnection(const Context& context, const Value& prior, const Value& planned) {
    if (planned.is_unknown()) return false;
    if (prior == planned) return true;
    if (prior.is_null() || planned.is_null()) return false;
    const auto before = OpenConnection(context.sealer, prior.AsString());
    const auto after = OpenConnection(context.sealer, planned.AsString());
    return before && after && before->id == after->id;
  }

  // The planned state with the outcome. What should have left the map but is still there stays in it, so that the next plan sees
  // it.
  static Value WithLeftOver(const ChangeRequest& request, const SyncOutcome& outcome) {
    Value::Members certificates = request.planned.Get("certificates").AsMembers();
    Value::Members synced = outcome.synced.AsMembers();
    if (IsImported(request.prior)) return request.planned.With("synced", outcome.synced);
    const Value::Members before = request.prior.Get("certificates").AsMembers();
    for (const auto& [key, deployed] : outcome.deployed) {
      const auto certificate = before.find(key);
      if (certificates.contains(key) || certificate == before.end()) continue;
      certificates.insert(*certificate);
      synced.emplace(key, request.prior.Get("synced").AsMembers().at(key));
    }
    return request.planned.With("certificates", Value::Map(Type::String(), std::move(certificates)))
        .With("synced", Value::Map(outcome.synced.type().element(), std::move(synced)));
  }

  struct Move {
    const DeployedByKey& before;  // all below: borrowed
    bool secrets_differ;
    const std::string& sealed_secrets;
  };

  // To another place: everything is pushed there first, then removed where it was.
  // `run` reports into `result`.
  void Relocate(const base::Call& call, const Context& context, const ChangeRequest& request, const Move& move, SyncRun& run,
                ChangeResult& result) const {
    const DeployedByKey& before = move.before;
    // At the same account some objects may turn out to be the very same ("out" and "./out"): they are ours to overwrite.
    const bool same_account =
        IsSameConnection(context, request.prior.Get("app_connection"), request.planned.Get("app_connection"));
    SyncOutcome outcome =
        run.PushOnly(request.planned, same_account ? before : DeployedByKey{},
                     move.secrets_differ || request.prior.Get("destination") != request.planned.Get("destination"));
    const DeployedByKey pushed = same_account ? Without(outcome.deployed, before) : outcome.deployed;
    if (result.diagnostics.HasErrors()) {
      (void)run.RemoveAll(pushed, IfNotRemoved::kLost);
      return;
    }
    // Before anything is taken away at the old place.
    run.Finish(outcome, kTriedAgain);
    result.stored = {.state = request.planned.With("synced", outcome.synced),
                     .private_data = ToText({outcome.deployed, move.sealed_secrets})};
    const DeployedByKey left = same_account ? Without(before, outcome.deployed) : before;
    SyncRun old_place(call, context, schema_, result.diagnostics);
    if (old_place.Open(request.prior, IdOf(request.prior))) {
      (void)old_place.RemoveAll(left, IfNotRemoved::kLost);
    } else {
      for (const auto& [key, one] : left) WarnOfLeftOver(one.external_id, "", result.diagnostics);
    }
  }

  // Those of `all` whose object is none of `others`.
  static DeployedByKey Without(const DeployedByKey& all, const DeployedByKey& others) {
    DeployedByKey rest;
    for (const auto& one : all) {
      const bool shared = std::any_of(others.begin(), others.end(),
                                      [&](const auto& other) { return other.second.external_id == one.second.external_id; });
      if (!shared) rest.insert(one);
    }
    return rest;
  }

  const std::string type_name_ = "certwright_certificate_sync";
  const schema::Schema schema_ = CertificateSyncSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeCertificateSync() { return std::make_unique<CertificateSync>(); }

}  // namespace resources::certificate_sync
