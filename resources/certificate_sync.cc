// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "engine/sync/catalog.h"
#include "engine/sync/name_schema.h"
#include "resources/certificate_sync_schema.h"
#include "resources/extension_block.h"
#include "resources/payload.h"
#include "resources/sync_import.h"
#include "resources/sync_memory.h"
#include "resources/sync_run.h"
#include "resources/timeouts.h"
#include "schema/reader.h"

namespace resources {
namespace {

using base::Cat;
using engine::sync::DestinationSpec;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

constexpr std::chrono::minutes kReadLimit{5};
constexpr std::chrono::minutes kChangeLimit{20};
constexpr std::string_view kWithdrawn = "What was just pushed has been withdrawn; the next apply pushes it again.";
constexpr std::string_view kTriedAgain = "What was pushed is in place; the next apply finishes it.";

// The one destination block that is set; null when there is none, or several.
const DestinationSpec* ChosenDestination(const Value& destination) {
  const DestinationSpec* chosen = nullptr;
  if (!destination.is_known()) return nullptr;
  for (const DestinationSpec& spec : engine::sync::Destinations()) {
    if (destination.Get(spec.kind).is_null()) continue;
    if (chosen != nullptr) return nullptr;
    chosen = &spec;
  }
  return chosen;
}

std::string KindList() {
  std::vector<std::string> kinds;
  for (const DestinationSpec& spec : engine::sync::Destinations()) kinds.emplace_back(spec.kind);
  return base::Join(kinds, ", ");
}

class CertificateSync final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    const Value destination = config.Get("destination");
    if (!destination.is_wholly_known() && !destination.is_known()) return;
    const DestinationSpec* spec = ChosenDestination(destination);
    if (spec == nullptr) {
      diagnostics.Error("Not exactly one destination", Cat("Set exactly one block of destination: ", KindList(), "."),
                        Path::Of("destination"));
      return;
    }
    ValidateDestination(*spec, config, diagnostics);
    ValidateNames(*spec, config, diagnostics);
  }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    CheckPrograms(context, result.planned.Get("destination"), result.diagnostics);
    const Value certificates = result.planned.Get("certificates");
    if (!certificates.is_known()) {
      result.planned = result.planned.With("synced", Value::Unknown(*result.planned.type().Find("synced")));
      return;
    }
    CheckUniqueCertificates(certificates, result.diagnostics);
    const Type synced_type = *result.planned.type().Find("synced");
    const bool same_place = !request.prior.is_null() && IsSamePlace(context, request.prior, result.planned);
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
    const DeployedByKey deployed = ParseDeployed(current.private_data);
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
    SyncRun run(limited, context, schema_, result.diagnostics);
    if (!run.Open(request.planned, id)) return result;
    SyncOutcome outcome = run.PushAll(request.planned, {});
    if (!result.diagnostics.HasErrors()) run.Finish(outcome, kWithdrawn);
    if (result.diagnostics.HasErrors()) {
      // A tainted sync would be destroyed and made anew, good objects included: what was pushed is withdrawn instead.
      (void)run.RemoveAll(outcome.deployed);
      return result;
    }
    result.stored.state = request.planned.With("id", Value::String(id)).With("synced", outcome.synced);
    result.stored.private_data = ToText(outcome.deployed);
    return result;
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    DeployedByKey before = ParseDeployed(request.planned_private);
    const base::Call limited = Limited(call, request.planned, "update");
    SyncRun run(limited, context, schema_, result.diagnostics);
    if (!run.Open(request.planned, IdOf(request.prior))) return result;
    const bool imported = IsImported(request.prior);
    if (imported && !run.Adopt(request.planned, before)) return result;
    if (imported || IsSamePlace(context, request.prior, request.planned)) {
      SyncOutcome outcome = run.PushAll(request.planned, before);
      run.Finish(outcome, kTriedAgain);
      result.stored = {.state = WithLeftOver(request, outcome), .private_data = ToText(outcome.deployed)};
      return result;
    }
    Relocate(limited, context, request, before, run, result);
    return result;
  }

  ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const DeployedByKey deployed = ParseDeployed(request.planned_private);
    if (!deployed.empty()) {
      const base::Call limited = Limited(call, request.prior, "delete");
      SyncRun run(limited, context, schema_, result.diagnostics);
      if (!run.Open(request.prior, IdOf(request.prior))) return result;
      result.stored.private_data = ToText(run.RemoveAll(deployed));
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
    result.stored = {.state = Value::ObjectOf(schema_.ImpliedType(), std::move(members)), .private_data = ToText(*imported)};
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

  static void ValidateDestination(const DestinationSpec& spec, const Value& config, schema::Diagnostics& diagnostics) {
    const Path path = Path::Of("destination").Attribute(spec.kind);
    const Value connection = config.Get("app_connection");
    if (spec.connection.empty() && connection.is_known()) {
      diagnostics.Error("A connection without use", Cat("The destination ", spec.kind, " needs no app_connection: remove it."),
                        Path::Of("app_connection"));
    }
    if (!spec.connection.empty() && connection.is_null()) {
      diagnostics.Error("The destination needs a connection",
                        Cat("Set app_connection to the handle of a certwright_app_connection_", spec.connection, "."),
                        Path::Of("app_connection"));
    }
    const Value block = config.Get("destination").Get(spec.kind);
    if (spec.validate == nullptr || !block.is_known()) return;
    for (const auto& problem : spec.validate(ReadBlock(spec.fields, block).settings)) {
      if (ValueOf(problem.field, block).is_unknown()) continue;
      diagnostics.Error(Cat("Invalid ", problem.field), problem.message, PathOf(problem.field, path));
    }
  }

  // A destination's narrower rules, on names as the schema would make them.
  static void ValidateNames(const DestinationSpec& spec, const Value& config, schema::Diagnostics& diagnostics) {
    const Value configured = config.Get("options").Get("name_schema");
    if (spec.check_name == nullptr || configured.is_unknown()) return;
    const std::string name_schema = configured.is_null() ? std::string(engine::sync::kDefaultNameSchema) : configured.AsString();
    if (!engine::sync::CheckNameSchema(name_schema)) return;  // told by the attribute's own validator
    const std::string sample =
        engine::sync::CompileName(name_schema, {.certificate_id = std::string(32, '0'), .common_name = "name"});
    const std::string problem = spec.check_name(sample);
    if (!problem.empty()) diagnostics.Error("Invalid name schema", problem, Path::Of("options").Attribute("name_schema"));
  }

  // A setting that runs a program needs the provider's leave. Validate cannot know it: it runs before the provider is configured.
  static void CheckPrograms(const Context& context, const Value& destination, schema::Diagnostics& diagnostics) {
    const DestinationSpec* spec = ChosenDestination(destination);
    if (spec == nullptr || context.allow_exec) return;
    for (const base::ConfigField& field : spec->fields) {
      if (!field.runs_program || ValueOf(field.name, destination.Get(spec->kind)).is_null()) continue;
      diagnostics.Error(
          Cat(field.name, " may not run a program"),
          "The provider runs programs on this machine only where it has been told so: set `allow_exec = true` in the "
          "provider's block, or remove this argument.",
          Path::Of("destination").Attribute(spec->kind).Attribute(field.name));
    }
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

  // To another place: everything is pushed there first, then removed where it was.
  // `run` reports into `result`.
  void Relocate(const base::Call& call, const Context& context, const ChangeRequest& request, const DeployedByKey& before,
                SyncRun& run, ChangeResult& result) const {
    // At the same account some objects may turn out to be the very same ("out" and "./out"): they are ours to overwrite.
    const bool same_account =
        IsSameConnection(context, request.prior.Get("app_connection"), request.planned.Get("app_connection"));
    SyncOutcome outcome = run.PushOnly(request.planned, same_account ? before : DeployedByKey{},
                                       request.prior.Get("destination") != request.planned.Get("destination"));
    const DeployedByKey pushed = same_account ? Without(outcome.deployed, before) : outcome.deployed;
    if (result.diagnostics.HasErrors()) {
      (void)run.RemoveAll(pushed);
      return;
    }
    // Before anything is taken away at the old place.
    run.Finish(outcome, kTriedAgain);
    result.stored = {.state = request.planned.With("synced", outcome.synced), .private_data = ToText(outcome.deployed)};
    SyncRun old_place(call, context, schema_, result.diagnostics);
    if (!old_place.Open(request.prior, IdOf(request.prior))) return;
    (void)old_place.RemoveAll(same_account ? Without(before, outcome.deployed) : before);
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

}  // namespace resources
