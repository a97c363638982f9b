// SPDX-License-Identifier: MPL-2.0
#include "resources/app_connection/app_connection.h"

#include <algorithm>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "resources/extension_block.h"
#include "resources/sealed/payload.h"
#include "schema/reader.h"

namespace resources::app_connection {
namespace {

using engine::connections::Connection;
using engine::connections::ConnectionSpec;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::OpenConnection;
using sealed::SealConnection;
using sealed::Sealer;

constexpr std::chrono::seconds kCheckLimit{60};

schema::Schema MakeSchema(const ConnectionSpec& spec) {
  schema::Schema schema{.doc = std::string(spec.doc), .attributes = AttributesOf(spec.fields)};
  auto& attributes = schema.attributes;
  attributes.push_back(schema::Bool("validate")
                           .Default(Value::Bool(true))
                           .Doc("Whether creating or changing the connection checks the credentials with one harmless call."));
  attributes.push_back(
      schema::String("credentials_version")
          .Optional()
          .Doc(
              "For credentials that differ on each run, such as short-lived tokens: when it is set, only a new version takes the "
              "credentials over; any text will do."));
  attributes.push_back(
      schema::String("id").Computed().Doc("Identifies the connection; it stays while what it connects to stays."));
  attributes.push_back(schema::String("handle").Computed().Sensitive().Doc(
      "The sealed connection, for the `app_connection` of other resources. Useless without the sealing key."));
  return schema;
}

// What the prior state and the configuration say about the handle.
enum class HandlePlan { kSealNow, kUnknown };

class AppConnection final : public Resource {
 public:
  explicit AppConnection(const ConnectionSpec& spec)
      : spec_(spec), type_name_(base::Cat("certwright_app_connection_", spec.kind)), schema_(MakeSchema(spec)) {}

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
    if (!MayRunPrograms(context, result.diagnostics)) return;
    const BlockValues values = ReadBlock(spec_.fields, request.config);
    const Value prior_handle = request.prior.Get("handle");
    if (values.has_unknown_setting) {
      Set(result, "id", Value::Unknown(Type::String()));
      Set(result, "handle", Value::Unknown(Type::String()));
      return;
    }
    Connection connection = FromConfig(request.config);
    if (PlanHandle(context, request, values) == HandlePlan::kUnknown) {
      // The secrets that come may be of another account.
      Set(result, "id", spec_.account == nullptr ? Value::String(IdOf(connection)) : Value::Unknown(Type::String()));
      Set(result, "handle", Value::Unknown(Type::String()));
      return;
    }
    if (!KeepSecrets(context, prior_handle, UsesPriorSecrets(request), connection, result.diagnostics)) return;
    connection.id = IdOf(connection);
    Set(result, "id", Value::String(connection.id));
    Report(connection, result.diagnostics, [](const std::string&) { return false; });
    auto handle = SealConnection(context.sealer, connection);
    if (!handle) {
      result.diagnostics.Error("The connection cannot be sealed", handle.error(), "", Path::Of("handle"));
      return;
    }
    Set(result, "handle", Value::String(*std::move(handle)));
  }

  ChangeResult Read(const base::Call&, const Context&, const Stored& current) const override { return {.stored = current}; }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    return Apply(call, context, request);
  }
  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    return Apply(call, context, request);
  }
  ChangeResult Delete(const base::Call&, const Context&, const ChangeRequest&) const override {
    return {.stored = {.state = Value::Null(schema_.ImpliedType())}};
  }

  ImportResult Import(const base::Call&, const Context&, std::string_view id) const override {
    Value::Members members;
    members.emplace("id", Value::String(std::string(id)));
    return {.stored = {.state = Value::ObjectOf(schema_.ImpliedType(), std::move(members))}};
  }

 private:
  static void Set(schema::PlanResult& result, std::string_view name, Value value) {
    result.planned = result.planned.With(name, std::move(value));
  }

  bool IsSecret(std::string_view field) const {
    const auto found = std::find_if(spec_.fields.begin(), spec_.fields.end(), [&](const auto& one) { return one.name == field; });
    return found != spec_.fields.end() && found->secret;
  }

  // The same for the same place, so that a handle can be planned before the connection exists.
  std::string IdOf(const Connection& connection) const {
    std::string identity;
    for (const base::ConfigField& field : spec_.fields) {
      if (field.identity) identity += base::Cat(field.name, "=", connection.Get(field.name), "\n");
    }
    if (spec_.account != nullptr) identity += base::Cat("account=", spec_.account(connection), "\n");
    return base::Cat(spec_.kind, "-", base::Hex(base::crypto::Sha256(identity)).substr(0, 16));
  }

  // Without the id, which may depend on secrets that are kept from the state.
  Connection FromConfig(const Value& config) const {
    BlockValues values = ReadBlock(spec_.fields, config);
    return {
        .kind = std::string(spec_.kind), .id = {}, .settings = std::move(values.settings), .secrets = std::move(values.secrets)};
  }

  template <typename Skip>
  void Report(const Connection& connection, schema::Diagnostics& diagnostics, Skip skip) const {
    if (spec_.validate == nullptr) return;
    for (const auto& problem : spec_.validate(connection)) {
      if (skip(problem.field)) continue;
      diagnostics.Error(base::Cat("Invalid ", problem.field), problem.message, PathOf(problem.field));
    }
  }

  // A configuration from elsewhere must not run programs here unless this machine's user lets it.
  bool MayRunPrograms(const Context& context, schema::Diagnostics& diagnostics) const {
    if (spec_.program_field.empty() || context.allow_exec) return true;
    diagnostics.Error("Programs may not be run",
                      "This connection runs a program on this machine. The provider allows that only with allow_exec = true.",
                      PathOf(spec_.program_field));
    return false;
  }

  HandlePlan PlanHandle(const Context& context, const schema::PlanRequest& request, const BlockValues& values) const {
    if (context.sealer.state() == Sealer::State::kUnknown) return HandlePlan::kUnknown;
    if (UsesPriorSecrets(request)) return HandlePlan::kSealNow;
    const Value version = request.config.Get("credentials_version");
    if (values.has_unknown_secret || !version.is_null()) return HandlePlan::kUnknown;
    return HandlePlan::kSealNow;
  }

  // With an unchanged credentials_version the sealed secrets stay, whatever the configuration says.
  static bool UsesPriorSecrets(const schema::PlanRequest& request) {
    const Value version = request.config.Get("credentials_version");
    return version.is_known() && request.prior.Get("handle").is_known() && version == request.prior.Get("credentials_version");
  }

  // Fills in secrets from the prior handle: all of them, or those that the configuration leaves null. False after an error.
  bool KeepSecrets(const Context& context, const Value& prior_handle, bool all, Connection& connection,
                   schema::Diagnostics& diagnostics) const {
    const auto missing = [&](const base::ConfigField& field) { return field.secret && !connection.FindSecret(field.name); };
    if (!prior_handle.is_known() || !(all || std::any_of(spec_.fields.begin(), spec_.fields.end(), missing))) return true;
    auto prior = OpenConnection(context.sealer, prior_handle.AsString());
    if (!prior) {
      // With every secret in the configuration the old handle is not needed: a lost key must not block the way out.
      diagnostics.Error("The connection's sealed credentials cannot be read", prior.error(),
                        "Setting every secret of this resource again replaces them.", Path::Of("handle"));
      return false;
    }
    for (auto& [name, secret] : prior->secrets) {
      if (all)
        connection.secrets.insert_or_assign(name, secret);
      else
        connection.secrets.try_emplace(name, secret);
    }
    return true;
  }

  // Opens the planned handle, or, when it was unknown, seals what the configuration now says.
  std::optional<std::string> FinalHandle(const Context& context, const ChangeRequest& request, Connection& connection,
                                         schema::Diagnostics& diagnostics) const {
    const Value planned = request.planned.Get("handle");
    if (planned.is_known()) {
      auto opened = OpenConnection(context.sealer, planned.AsString());
      if (!opened) {
        diagnostics.Error("The connection's handle cannot be opened", opened.error(), "", Path::Of("handle"));
        return std::nullopt;
      }
      connection = *std::move(opened);
      return planned.AsString();
    }
    connection = FromConfig(request.config);
    if (!KeepSecrets(context, request.prior.Get("handle"), false, connection, diagnostics)) return std::nullopt;
    Report(connection, diagnostics, [](const std::string&) { return false; });
    if (diagnostics.HasErrors()) return std::nullopt;
    connection.id = IdOf(connection);
    auto sealed = SealConnection(context.sealer, connection);
    if (!sealed) {
      diagnostics.Error("The connection cannot be sealed", sealed.error(), "", Path::Of("handle"));
      return std::nullopt;
    }
    return *std::move(sealed);
  }

  ChangeResult Apply(const base::Call& call, const Context& context, const ChangeRequest& request) const {
    ChangeResult result{.stored = {.state = request.prior}};
    Connection connection;
    const auto handle = FinalHandle(context, request, connection, result.diagnostics);
    if (!handle) return result;
    const Value prior_handle = request.prior.Get("handle");
    const bool changed = !prior_handle.is_known() || prior_handle.AsString() != *handle;
    const bool wanted = Reader(schema_.attributes, request.planned).Flag("validate").value_or(true);
    if (changed && wanted && !Check(call, context, connection, result.diagnostics)) return result;
    result.stored.state = request.planned.With("id", Value::String(connection.id)).With("handle", Value::String(*handle));
    return result;
  }

  bool Check(const base::Call& call, const Context& context, const Connection& connection,
             schema::Diagnostics& diagnostics) const {
    if (spec_.check == nullptr) return true;
    const auto checked = spec_.check(call.Within(kCheckLimit), connection, context.deps());
    if (checked) return true;
    diagnostics.Error("The connection's check failed", checked.error(), "Nothing was saved. `validate = false` skips this check.",
                      PathOfBlame(checked.error(), engine::connections::kConnectionSubject));
    return false;
  }

  const ConnectionSpec& spec_;  // borrowed; lives for the whole process
  const std::string type_name_;
  const schema::Schema schema_;
};

}  // namespace

std::unique_ptr<Resource> MakeAppConnection(const ConnectionSpec& spec) { return std::make_unique<AppConnection>(spec); }

}  // namespace resources::app_connection
