// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/acme.h"

#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/catalog.h"
#include "resources/deferred_sealing.h"
#include "resources/external_ca/account.h"
#include "resources/external_ca/account_journal.h"
#include "resources/external_ca/acme_schema.h"
#include "resources/external_ca/ca_presets.h"
#include "resources/external_ca/vancluever_migration.h"
#include "resources/external_ca/verify.h"
#include "resources/sealed/payload.h"
#include "schema/reader.h"

namespace resources::external_ca {
namespace {

using base::Cat;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::CaPayload;
using sealed::OpenCa;
using sealed::OpenConnection;
using sealed::SealCa;
using sealed::Sealer;

engine::dns::PropagationOptions PropagationFrom(const std::optional<Reader>& block) {
  engine::dns::PropagationOptions options;
  if (!block) return options;
  options.nameservers = block->Texts("nameservers");
  options.resolvers = block->Texts("resolvers");
  options.timeout = block->Duration("timeout").value_or(options.timeout);
  if (block->Text("wait_for") == "majority") options.wait_for = engine::dns::WaitFor::kMajority;
  options.delay = block->Duration("delay").value_or(options.delay);
  options.disable = block->Flag("disable").value_or(false);
  return options;
}

// The preset of a directory URL that is known; null without one.
const CaPreset* PresetOf(const Value& planned) {
  const Value url = planned.Get("directory_url");
  return url.is_known() ? FindCaPreset(url.AsString()) : nullptr;
}

// What would keep an apply from making an account, told at plan where it can be known.
void CheckNewAccount(const Value& config, schema::Diagnostics& diagnostics) {
  const CaPreset* preset = PresetOf(config);
  if (preset != nullptr && !preset->ended.empty()) {
    diagnostics.Error("The CA issues no more certificates",
                      Cat(preset->name, " ended its ACME service ", preset->ended, ". Choose another CA."),
                      Path::Of("directory_url"));
  }
  const Value eab = config.Get("eab");
  if (!config.Get("account_key_pem").is_null()) return;
  if (eab.is_known() && eab.Get("hmac_key").is_null()) {
    diagnostics.Error("The binding has no key", "A new account is bound with eab.hmac_key: set it to the HMAC key from the CA.",
                      Path::Of("eab").Attribute("hmac_key"));
  }
  if (preset != nullptr && preset->needs_eab && eab.is_null()) {
    diagnostics.Error("The CA wants an external account binding",
                      Cat(preset->name,
                          " makes ACME accounts only for its customers: set eab to the key identifier and HMAC key "
                          "that it shows for your account there."),
                      Path::Of("directory_url"));
  }
}

class ExternalCaAcme final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value&, schema::Diagnostics&) const override {}

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    if (const auto sealed = CheckSealed({request.prior, request.prior_private}); !sealed) {
      result.diagnostics.Error("The account is not sealed", sealed.error(), "", Path::Of("handle"));
      return;
    }
    result.planned_private = request.prior_private;
    // Null after a move: the first plan takes the configured directory for the account's.
    const Value directory = request.prior.Get("directory_url");
    if (!directory.is_null() && directory != result.planned.Get("directory_url")) {
      result.requires_replace.push_back(Path::Of("directory_url"));
    }
    const Value handle = request.prior.Get("handle");
    handle.is_known() ? PlanChange(context, request, handle.AsString(), result) : PlanAccount(context, request, result);
  }

  void NoteSaved(const Context& context, const Value& state) const override { ForgetSavedAccount(context, state); }

  ChangeResult Read(const base::Call& call, const Context& context, const Stored& current) const override {
    auto sealed = SealArrived(context.sealer, sealed::handle_kind::kCa, current);
    ChangeResult result{.stored = current};
    if (sealed) {
      result.stored = *std::move(sealed);
      if (Reader(schema_.attributes, result.stored.state).Flag("verify_on_refresh").value_or(false)) {
        VerifyAccount(call, context, result.stored.state, result.diagnostics);
      }
      return result;
    }
    result.diagnostics.Error("The account cannot be sealed", sealed.error(), "", Path::Of("handle"));
    return result;
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior}};
    CaPayload payload;
    if (!FillFrom(context, request.planned, payload, result.diagnostics)) return result;
    const auto obtained = ObtainAccount(call, context, payload, Reader(schema_.attributes, request.planned),
                                        Reader(schema_.attributes, request.config), result.diagnostics);
    if (!obtained) return result;
    payload.account_url = obtained->account.url;
    payload.account_key_pem = obtained->account.key.ToPem();
    const auto handle = Seal(context, payload, result.diagnostics);
    if (!handle) return result;
    call.log.Info("account ready", {{base::key::kCa, payload.directory_url}, {base::key::kUrl, payload.account_url}});
    const std::string& terms = obtained->terms_of_service;
    result.stored.state = request.planned.With("id", Value::String(payload.account_url))
                              .With("account_url", Value::String(payload.account_url))
                              .With("adopted", Value::Bool(!request.config.Get("account_key_pem").is_null()))
                              .With("terms_of_service_url", terms.empty() ? Value::Null(Type::String()) : Value::String(terms))
                              .With("handle", Value::String(*handle));
    return result;
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    const Value prior_handle = request.prior.Get("handle");
    const Value planned_handle = request.planned.Get("handle");
    // After an import.
    if (!prior_handle.is_known() && !planned_handle.is_known()) return Create(call, context, request);
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    auto payload = OpenFilled(context, planned_handle.is_known() ? planned_handle.AsString() : prior_handle.AsString(),
                              request.planned, result.diagnostics);
    if (!payload) return result;
    const Value email = request.planned.Get("account_email");
    if (request.prior.Get("account_email") != email) {
      const auto contacts = ContactsFrom(Reader(schema_.attributes, request.planned));
      if (!ChangeContacts(call, context, *payload, contacts, result.diagnostics)) return result;
      result.stored.state = result.stored.state.With("account_email", email);
    }
    if (WantsOtherKey(request.prior, request.planned)) {
      const auto version = Reader(schema_.attributes, request.planned).Integer("account_key_version").value_or(0);
      if (!ChangeAccountKey(call, context, version, *payload, result.diagnostics)) return result;
    }
    if (const auto handle = Seal(context, *payload, result.diagnostics)) {
      result.stored.state = request.planned.With("handle", Value::String(*handle));
    }
    return result;
  }

  ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ForgetSavedAccount(context, request.prior);
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const Reader prior(schema_.attributes, request.prior);
    const bool ours = !prior.Flag("adopted").value_or(false) && prior.Flag("deactivate_on_destroy").value_or(true);
    if (const Value handle = request.prior.Get("handle"); ours && handle.is_known()) {
      const auto payload = OpenCa(context.sealer, handle.AsString());
      if (!payload) {
        // Without the key nobody can deactivate it; a lost sealing key must not block the way out.
        result.diagnostics.Warning(Cat("Account not deactivated: ", prior.Text("account_url").value_or("")),
                                   Cat("Its key cannot be opened: ", payload.error().message, ". The account stays at the CA."));
      } else if (!DeactivateAccount(call, context, *payload, result.diagnostics)) {
        return result;
      }
    }
    result.stored = {.state = Value::Null(schema_.ImpliedType())};
    return result;
  }

  ImportResult Import(const base::Call&, const Context&, std::string_view id) const override {
    ImportResult result{.stored = {.state = Value::Null(schema_.ImpliedType())}};
    if (!base::ParseUrl(id)) {
      result.diagnostics.Error(
          "A CA is imported by its directory URL",
          "Import it by the URL that directory_url has. The account is the one of account_key_pem in the configuration.");
      return result;
    }
    result.stored.state = Value::ObjectOf(schema_.ImpliedType(),
                                          {{"directory_url", Value::String(std::string(id))}, {"adopted", Value::Bool(true)}});
    return result;
  }

  std::optional<ImportResult> Move(const MoveRequest& request) const override { return MoveAcmeRegistration(schema_, request); }

 private:
  // A new account, or one that is taken over: all about it is known once the CA has been asked.
  void PlanAccount(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const {
    const Value key = request.config.Get("account_key_pem");
    for (const char* name : {"id", "account_url", "terms_of_service_url", "handle"}) {
      result.planned = result.planned.With(name, Value::Unknown(Type::String()));
    }
    if (request.prior.is_null()) {
      result.planned =
          result.planned.With("adopted", key.is_unknown() ? Value::Unknown(Type::Bool()) : Value::Bool(!key.is_null()));
    } else if (key.is_null()) {
      result.diagnostics.Error("The account's key is needed",
                               "An imported CA takes over the account of account_key_pem: set it to the account's private key.",
                               Path::Of("account_key_pem"));
    }
    CheckNewAccount(request.config, result.diagnostics);
    CaPayload payload;
    if (IsSealable(context, result.planned)) (void)FillFrom(context, result.planned, payload, result.diagnostics);
  }

  void PlanChange(const Context& context, const schema::PlanRequest& request, const std::string& handle,
                  schema::PlanResult& result) const {
    const bool other_key = WantsOtherKey(request.prior, result.planned);
    if (const CaPreset* preset = PresetOf(result.planned); other_key && preset != nullptr && !preset->has_key_change) {
      result.diagnostics.Error("The CA does not change account keys",
                               Cat(preset->name, " offers no change of an account's key. Set account_key_version back."),
                               Path::Of("account_key_version"));
    }
    if (other_key || !IsSealable(context, result.planned)) {
      const bool same = !other_key && AreHandleInputsEqual(request.prior, result.planned);
      if (!same) result.planned = result.planned.With("handle", Value::Unknown(Type::String()));
      return;
    }
    if (AreHandleInputsEqual(request.prior, result.planned) && !context.sealer.IsStale(handle)) return;
    const auto payload = OpenFilled(context, handle, result.planned, result.diagnostics);
    const auto sealed = payload ? Seal(context, *payload, result.diagnostics) : std::nullopt;
    if (sealed) result.planned = result.planned.With("handle", Value::String(*sealed));
  }

  // Another version, unless the account just arrived from elsewhere.
  static bool WantsOtherKey(const Value& prior, const Value& planned) {
    const Value version = planned.Get("account_key_version");
    return !prior.Get("directory_url").is_null() && !version.is_null() && version != prior.Get("account_key_version");
  }

  // Everything but the account is known, and the sealing key too.
  static bool IsSealable(const Context& context, const Value& planned) {
    return context.sealer.state() == Sealer::State::kReady && planned.Get("dns").is_wholly_known() &&
           planned.Get("propagation").is_wholly_known() && planned.Get("trusted_roots_pem").is_wholly_known() &&
           planned.Get("directory_url").is_wholly_known();
  }

  static bool AreHandleInputsEqual(const Value& prior, const Value& planned) {
    return prior.Get("dns") == planned.Get("dns") && prior.Get("propagation") == planned.Get("propagation") &&
           prior.Get("trusted_roots_pem") == planned.Get("trusted_roots_pem") &&
           prior.Get("directory_url") == planned.Get("directory_url");
  }

  // Everything but the account, from wholly known values. False after an error.
  bool FillFrom(const Context& context, const Value& values, CaPayload& payload, schema::Diagnostics& diagnostics) const {
    const Reader ca(schema_.attributes, values);
    payload.directory_url = ca.Text("directory_url").value_or("");
    payload.trusted_roots_pem = ca.Text("trusted_roots_pem").value_or("");
    payload.propagation = PropagationFrom(ca.Single("propagation"));
    payload.dns.clear();
    std::int64_t index = 0;
    for (const Reader& one : ca.Nested("dns")) {
      const Path path = Path::Of("dns").Index(index++).Attribute("app_connection");
      auto connection = OpenConnection(context.sealer, one.SecretText("app_connection").value_or(base::Secret()).Reveal());
      if (!connection) {
        diagnostics.Error("The DNS connection cannot be used", connection.error(), "", path);
        continue;
      }
      if (!engine::vendors::FindDnsProvider(connection->kind)) {
        diagnostics.Error(
            "The connection cannot change DNS",
            Cat("A connection of the kind ", connection->kind, " is no DNS service. Pass the handle of one that is."), path);
        continue;
      }
      payload.dns.push_back({.connection = *std::move(connection), .zone = one.Text("zone").value_or("")});
    }
    return !diagnostics.HasErrors();
  }

  // What the handle holds, with everything but the account from `planned`. Empty after an error.
  std::optional<CaPayload> OpenFilled(const Context& context, std::string_view handle, const Value& planned,
                                      schema::Diagnostics& diagnostics) const {
    auto payload = OpenCa(context.sealer, handle);
    if (!payload) {
      diagnostics.Error(
          "The CA's sealed account cannot be read", payload.error(),
          "If that key is lost, so is the account: `terraform taint <address of this resource>` lets the next apply "
          "make a new one. See the guide on sealing keys.",
          Path::Of("handle"));
      return std::nullopt;
    }
    if (!FillFrom(context, planned, *payload, diagnostics)) return std::nullopt;
    return *std::move(payload);
  }

  static std::optional<std::string> Seal(const Context& context, const CaPayload& payload, schema::Diagnostics& diagnostics) {
    auto handle = SealCa(context.sealer, payload);
    if (handle) return *std::move(handle);
    diagnostics.Error("The CA cannot be sealed", handle.error(), "", Path::Of("handle"));
    return std::nullopt;
  }

  const std::string type_name_ = "certwright_external_ca_acme";
  const schema::Schema schema_ = ExternalCaAcmeSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeExternalCaAcme() { return std::make_unique<ExternalCaAcme>(); }

}  // namespace resources::external_ca
