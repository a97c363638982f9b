// SPDX-License-Identifier: MPL-2.0
#include "resources/app_connection/app_connection.h"

#include <algorithm>
#include <array>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/connections/plain_http.h"
#include "resources/extension_block.h"
#include "resources/lost_keys.h"
#include "resources/newest_connections.h"
#include "resources/sealed/flat_settings.h"
#include "resources/sealed/payload.h"
#include "resources/sealed/renamed_fields.h"
#include "schema/model.h"

namespace resources::app_connection {
namespace {

using engine::connections::Connection;
using engine::connections::ConnectionSpec;
using engine::connections::DepsOf;
using schema::cty::Path;
using schema::cty::Value;
using sealed::OpenConnection;
using sealed::SealConnection;
using sealed::Sealer;

constexpr std::chrono::seconds kCheckLimit{60};

// The attributes that every kind has. The others are the kind's own fields, read by its description
// (resources/extension_block.h).
struct ConnectionModel {
  schema::Field<bool> validate;
  schema::Field<std::string> credentials_version;
  schema::Field<std::string> id;
  schema::Field<base::Secret> handle;
};

schema::Model<ConnectionModel> MakeModel(const ConnectionSpec& spec) {
  return schema::Model<ConnectionModel>()
      .AddUnbound(AttributesOf(spec.fields))
      .Add(&ConnectionModel::validate,
           schema::Bool("validate")
               .Default(Value::Bool(true))
               .Doc("Whether to check the credentials with one harmless call when the connection is created or changed."))
      .Add(
          &ConnectionModel::credentials_version,
          schema::String("credentials_version")
              .Optional()
              .Doc(
                  "For credentials that differ on each run, such as short-lived tokens: if set, the credentials are stored again "
                  "only when this value changes. Any text will do."))
      .Add(&ConnectionModel::id,
           schema::String("id").Computed().Doc("Identifies the connection. It stays as long as the connection's target stays."))
      .Add(&ConnectionModel::handle,
           schema::String("handle").Computed().Sensitive().Doc(
               "The sealed connection, for the `app_connection` of other resources. Useless without the sealing key."))
      .Build();
}

// Version 0 to 1 of the state. Write-only attributes are not in it.
base::Result<std::string> RenameAttributes(std::string_view kind, std::string_view text) {
  auto state = base::ParseJsonObject(text);
  if (!state) return std::move(state).error();
  for (const sealed::RenamedField& field : sealed::RenamedFields()) {
    const auto former = state->find(std::string(field.former));
    if (field.connection != kind || former == state->end()) continue;
    const base::Json value = field.became_secret ? base::Json() : *former;
    state->erase(former);
    (*state)[std::string(field.present)] = value;
  }
  return base::DumpJson(*state);
}

// What the prior state and the configuration say about the handle.
enum class HandlePlan { kSealNow, kUnknown };

class AppConnection final : public Resource {
 public:
  explicit AppConnection(const ConnectionSpec& spec)
      : spec_(spec),
        type_name_(base::Cat("certwright_app_connection_", spec.kind)),
        model_(MakeModel(spec)),
        schema_{.version = 1, .doc = std::string(spec.doc), .attributes = model_.attributes()},
        upgrade_steps_{[kind = spec.kind](std::string_view state) { return RenameAttributes(kind, state); }} {}

  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    const Connection connection = FromConfig(config);
    // A secret that is absent may be kept from the state (ignore_changes): what is missing is told when planning.
    Report(connection, diagnostics, [&](const std::string& field) {
      const Value value = ValueOf(field, config);
      return value.is_unknown() || (value.is_null() && IsSecret(field));
    });
  }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    if (!HasSealingKey(context, request.prior, result.diagnostics)) return;
    if (!MayRunPrograms(context, result.diagnostics)) return;
    ConnectionModel planned = model_.Read(result.planned);
    PlanConnection(context, request, planned, result.diagnostics);
    result.planned = model_.Write(planned, result.planned);
  }

  void NotePlanned(const Context& context, const Value& prior, const Value& planned) const override {
    const ConnectionModel before = model_.Read(prior);
    if (planned.is_null()) return ForgetConnection(context, before.id.OrEmpty());
    const ConnectionModel after = model_.Read(planned);
    if (!after.id.is_known() || !after.handle.is_known()) return;
    // Nothing uses a connection that is new.
    const bool is_stored = prior.is_null() || before.handle == after.handle;
    const auto record = is_stored ? RecordStoredConnection : RecordPlannedConnection;
    record(context, after.id.OrEmpty(), after.handle.OrEmpty());
  }

  std::span<const schema::UpgradeStep> upgrade_steps() const override { return upgrade_steps_; }

  ChangeResult Read(const base::Call&, const Context& context, const Stored& current) const override {
    ChangeResult result{.stored = current};
    (void)HasSealingKey(context, current.state, result.diagnostics);
    if (AllowsHttp(current.state)) WarnOfPlainHttp(result.diagnostics);
    return result;
  }

  // Read warns of what the state has already.
  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result = Apply(call, context, request);
    if (AllowsHttp(request.planned) && !AllowsHttp(request.prior)) WarnOfPlainHttp(result.diagnostics);
    return result;
  }
  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    return Create(call, context, request);
  }
  ChangeResult Delete(const base::Call&, const Context&, const ChangeRequest&) const override {
    return {.stored = {.state = Value::Null(schema_.ImpliedType())}};
  }

  ImportResult Import(const base::Call&, const Context&, std::string_view id) const override {
    ConnectionModel state;
    state.id = std::string(id);
    return {.stored = {.state = model_.Write(state)}};
  }

 private:
  ConnectionModel ReadPrior(const Context& context, const Value& state) const {
    ConnectionModel prior = model_.Read(state);
    if (IsAbandoned(context, prior.handle)) prior.handle.SetNull();
    return prior;
  }

  void PlanConnection(const Context& context, const schema::PlanRequest& request, ConnectionModel& planned,
                      schema::Diagnostics& diagnostics) const {
    const ConnectionModel prior = ReadPrior(context, request.prior);
    const ConnectionModel config = model_.Read(request.config);
    const BlockValues values = ReadBlock(spec_.fields, request.config);
    if (values.has_unknown_setting) {
      planned.id.SetUnknown();
      planned.handle.SetUnknown();
      return;
    }
    Connection connection = FromConfig(request.config);
    if (PlanHandle(context, prior, config, values) == HandlePlan::kUnknown) {
      // The secrets to come may belong to another account.
      spec_.account == nullptr ? planned.id = IdOf(connection) : planned.id.SetUnknown();
      planned.handle.SetUnknown();
      ReportUnsealed(context, prior, values, connection, diagnostics);
      return;
    }
    if (!KeepSecrets(context, prior.handle, UsesPriorSecrets(prior, config), connection, diagnostics)) return;
    connection.id = IdOf(connection);
    planned.id = connection.id;
    Report(connection, diagnostics, [](const std::string&) { return false; });
    auto handle = SealConnection(context.sealer, connection);
    if (!handle) {
      diagnostics.Error("The connection cannot be sealed", handle.error(), "", AtHandle());
      return;
    }
    planned.handle = base::Secret(*std::move(handle));
  }

  // What can be told although the handle is not sealed yet: the secrets are known if none of them comes later, or from a handle
  // that cannot be opened yet.
  void ReportUnsealed(const Context& context, const ConnectionModel& prior, const BlockValues& values, Connection& connection,
                      schema::Diagnostics& diagnostics) const {
    const bool needs_prior = prior.handle.is_known() && connection.settings.LacksSecret();
    if (values.has_unknown_secret || (needs_prior && context.sealer.state() != Sealer::State::kReady)) return;
    if (!KeepSecrets(context, prior.handle, false, connection, diagnostics)) return;
    Report(connection, diagnostics, [](const std::string&) { return false; });
  }

  Path AtHandle() const { return model_.PathOf(&ConnectionModel::handle); }

  bool IsSecret(std::string_view field) const {
    const base::ConfigField* found = nullptr;
    std::span<const base::ConfigField> fields = spec_.fields;
    for (const std::string& part : base::Split(field, '.')) {
      found = base::FindField(fields, part);
      if (found == nullptr) return false;
      fields = found->members.span();
    }
    return found->secret;
  }

  // The same for the same place, so that a handle can be planned before the connection exists.
  std::string IdOf(const Connection& connection) const {
    std::string identity;
    AppendIdentity(spec_.fields, "", sealed::Flatten(connection.settings), identity);
    if (spec_.account != nullptr) identity += base::Cat("account=", spec_.account(connection), "\n");
    return base::Cat(spec_.kind, "-", base::Hex(base::crypto::Sha256(identity)).substr(0, 16));
  }

  // A line for each identity field, also for those that are not set.
  void AppendIdentity(std::span<const base::ConfigField> fields, const std::string& prefix, const sealed::FlatSettings& flat,
                      std::string& identity) const {
    for (const base::ConfigField& field : fields) {
      const std::string name = base::Cat(prefix, field.name);
      if (field.kind == base::FieldKind::kBlock) AppendIdentity(field.members.span(), name + ".", flat, identity);
      if (!field.identity) continue;
      const auto secret = flat.secrets.find(name);
      const auto plain = flat.settings.find(name);
      const std::string_view value = secret != flat.secrets.end()   ? secret->second.Reveal()
                                     : plain != flat.settings.end() ? std::string_view(plain->second)
                                                                    : std::string_view();
      identity += base::Cat(sealed::NameInId(spec_.kind, name), "=", value, "\n");
    }
  }

  // Without the id, which may depend on secrets that are kept from the state.
  Connection FromConfig(const Value& config) const {
    return {.kind = std::string(spec_.kind), .id = {}, .settings = ReadBlock(spec_.fields, config).settings};
  }

  // `skip`: by the name of a field, whether what is found about it does not count.
  template <typename Skip>
  void Report(const Connection& connection, schema::Diagnostics& diagnostics, Skip skip) const {
    if (spec_.validate == nullptr) return;
    for (const auto& problem : spec_.validate(connection)) {
      if (skip(problem.field) || (!problem.unless.empty() && skip(std::string(problem.unless)))) continue;
      // One error for each mistake: what an attribute's validator has refused is not reported again.
      if (diagnostics.HasErrorAt(PathOf(problem.field))) continue;
      diagnostics.Error(base::Cat("Invalid ", problem.field), problem.message, PathOf(problem.field));
    }
  }

  bool AllowsHttp(const Value& object) const {
    const std::string_view name = engine::connections::kAllowHttpField.name;
    if (object.is_null() || base::FindField(spec_.fields, name) == nullptr) return false;
    const Value allowed = object.Get(name);
    return allowed.is_known() && !allowed.is_null() && allowed.AsBool();
  }

  static void WarnOfPlainHttp(schema::Diagnostics& diagnostics) {
    diagnostics.Warning("Credentials may be sent without TLS",
                        "`allow_http` is true: whoever can read or change the traffic of the network between this machine and "
                        "the server gets the connection's credentials and what is sent with them, private keys included. Set up "
                        "TLS at the server, and remove `allow_http`.",
                        PathOf(engine::connections::kAllowHttpField.name));
  }

  // A configuration from elsewhere must not run programs here unless this machine's user lets it.
  bool MayRunPrograms(const Context& context, schema::Diagnostics& diagnostics) const {
    if (spec_.program_field.empty() || context.allow_exec) return true;
    diagnostics.Error("Programs may not be run",
                      "This connection runs a program on this machine. The provider allows that only with allow_exec = true.",
                      PathOf(spec_.program_field));
    return false;
  }

  static HandlePlan PlanHandle(const Context& context, const ConnectionModel& prior, const ConnectionModel& config,
                               const BlockValues& values) {
    if (context.sealer.state() == Sealer::State::kUnknown) return HandlePlan::kUnknown;
    if (UsesPriorSecrets(prior, config)) return HandlePlan::kSealNow;
    if (values.has_unknown_secret || !config.credentials_version.is_null()) return HandlePlan::kUnknown;
    return HandlePlan::kSealNow;
  }

  // With an unchanged credentials_version, the sealed secrets stay, whatever the configuration says.
  static bool UsesPriorSecrets(const ConnectionModel& prior, const ConnectionModel& config) {
    return config.credentials_version.is_known() && prior.handle.is_known() &&
           config.credentials_version == prior.credentials_version;
  }

  // Fills in secrets from the prior handle: all of them, or those that the configuration leaves null. False after an error.
  bool KeepSecrets(const Context& context, const schema::Field<base::Secret>& prior_handle, bool all, Connection& connection,
                   schema::Diagnostics& diagnostics) const {
    if (!prior_handle.is_known() || !(all || connection.settings.LacksSecret())) return true;
    auto prior = OpenConnection(context.sealer, prior_handle.OrEmpty().Reveal(), spec_.fields);
    if (!prior) {
      // With every secret in the configuration the old handle is not needed: a lost key must not block the way out.
      diagnostics.Error("The connection's sealed credentials cannot be read", prior.error(),
                        "Setting every secret of this resource again replaces them.", AtHandle());
      return false;
    }
    connection.settings.TakeSecrets(prior->settings, all ? base::TakenSecrets::kAll : base::TakenSecrets::kMissing);
    return true;
  }

  // Opens the planned handle or, if it was unknown, seals what the configuration now says. Empty after an error.
  std::optional<base::Secret> FinalHandle(const Context& context, const ConnectionModel& prior, const ConnectionModel& planned,
                                          const Value& config, Connection& connection, schema::Diagnostics& diagnostics) const {
    if (auto handle = planned.handle.Get()) {
      auto opened = OpenConnection(context.sealer, handle->Reveal(), spec_.fields);
      if (!opened) {
        diagnostics.Error("The connection's handle cannot be opened", opened.error(), "", AtHandle());
        return std::nullopt;
      }
      connection = *std::move(opened);
      return handle;
    }
    connection = FromConfig(config);
    if (!KeepSecrets(context, prior.handle, false, connection, diagnostics)) return std::nullopt;
    Report(connection, diagnostics, [](const std::string&) { return false; });
    if (diagnostics.HasErrors()) return std::nullopt;
    connection.id = IdOf(connection);
    auto sealed = SealConnection(context.sealer, connection);
    if (!sealed) {
      diagnostics.Error("The connection cannot be sealed", sealed.error(), "", AtHandle());
      return std::nullopt;
    }
    return base::Secret(*std::move(sealed));
  }

  ChangeResult Apply(const base::Call& call, const Context& context, const ChangeRequest& request) const {
    ChangeResult result{.stored = {.state = request.prior}};
    const ConnectionModel prior = ReadPrior(context, request.prior);
    ConnectionModel planned = model_.Read(request.planned);
    Connection connection;
    const auto handle = FinalHandle(context, prior, planned, request.config, connection, result.diagnostics);
    if (!handle) return result;
    const bool changed = prior.handle.Get() != handle;
    if (changed && planned.validate.Or(true) && !Check(call, context, connection, result.diagnostics)) return result;
    planned.id = connection.id;
    planned.handle = *handle;
    result.stored.state = model_.Write(planned, request.planned);
    RecordStoredConnection(context, connection.id, *handle);
    return result;
  }

  bool Check(const base::Call& call, const Context& context, const Connection& connection,
             schema::Diagnostics& diagnostics) const {
    if (spec_.check == nullptr) return true;
    const auto checked = spec_.check(call.Within(kCheckLimit), connection, DepsOf(connection, context.deps()));
    if (checked) return true;
    // Values that cannot be right would fail at their first use as well.
    const bool may_skip = checked.error().kind != base::ErrorKind::kInvalid;
    diagnostics.Error("The connection's check failed", checked.error(),
                      may_skip ? "Nothing was saved. `validate = false` skips this check." : "Nothing was saved.",
                      PathOfBlame(checked.error(), engine::connections::kConnectionSubject));
    return false;
  }

  const ConnectionSpec& spec_;  // borrowed; lives for the whole process
  const std::string type_name_;
  const schema::Model<ConnectionModel> model_;
  const schema::Schema schema_;
  const std::array<schema::UpgradeStep, 1> upgrade_steps_;
};

}  // namespace

std::unique_ptr<Resource> MakeAppConnection(const ConnectionSpec& spec) { return std::make_unique<AppConnection>(spec); }

}  // namespace resources::app_connection
