// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/acme.h"

#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"
#include "engine/vendors/catalog.h"
#include "resources/deferred_sealing.h"
#include "resources/external_ca/account.h"
#include "resources/external_ca/account_journal.h"
#include "resources/external_ca/ca_presets.h"
#include "resources/external_ca/model.h"
#include "resources/external_ca/validation_outputs.h"
#include "resources/external_ca/vancluever_migration.h"
#include "resources/external_ca/verify.h"
#include "resources/lost_keys.h"
#include "resources/sealed/payload.h"

namespace resources::external_ca {
namespace {

using base::Cat;
using schema::cty::Value;
using sealed::CaPayload;
using sealed::OpenCa;
using sealed::OpenConnection;
using sealed::SealCa;
using sealed::Sealer;

CaModel ReadModel(const Value& object) { return CaModel::Schema().Read(object); }

engine::dns::PropagationOptions PropagationFrom(const PropagationModel& block) {
  engine::dns::PropagationOptions options;
  options.nameservers = block.nameservers.OrEmpty();
  options.resolvers = block.resolvers.OrEmpty();
  options.timeout = base::ParseDuration(block.timeout.OrEmpty()).value_or(options.timeout);
  if (block.wait_for.Get() == "majority") options.wait_for = engine::dns::WaitFor::kMajority;
  options.delay = base::ParseDuration(block.delay.OrEmpty()).value_or(options.delay);
  options.disable = block.disable.OrEmpty();
  return options;
}

constexpr std::string_view kDefaultValidation = "dns-01";

// The preset of a known directory URL; null if there is none.
const CaPreset* PresetOf(const CaModel& ca) {
  const auto url = ca.directory_url.Get();
  return url ? FindCaPreset(*url) : nullptr;
}

// A contact that the CA would refuse: a binding that is valid once may be used up by the attempt.
void CheckContact(const CaPreset& preset, const CaModel& config, schema::Diagnostics& diagnostics) {
  if (preset.needs_contact && config.account_email.is_null()) {
    diagnostics.Error("The CA requires a contact",
                      Cat(preset.name, " registers no account without a contact. Set `account_email`."),
                      At(&CaModel::directory_url));
  }
  const std::string email = base::ToLower(config.account_email.OrEmpty());
  const bool is_example = email.ends_with("@example.com") || email.ends_with("@example.net") || email.ends_with("@example.org");
  if (preset.refuses_example_contacts && is_example) {
    diagnostics.Error("The CA refuses the contact",
                      Cat(preset.name,
                          " takes no contact at a domain that is reserved for examples. Set `account_email` to an "
                          "address of yours, or remove it."),
                      At(&CaModel::account_email));
  }
}

// Reports in the plan what would keep an apply from registering an account.
void CheckNewAccount(const CaModel& config, schema::Diagnostics& diagnostics) {
  const CaPreset* preset = PresetOf(config);
  if (preset != nullptr && !preset->ended.empty()) {
    diagnostics.Error("The CA no longer issues certificates",
                      Cat(preset->name, " ended its ACME service ", preset->ended, ". Choose another CA."),
                      At(&CaModel::directory_url));
  }
  if (preset != nullptr) CheckContact(*preset, config, diagnostics);
  if (!config.account_key_pem.is_null()) return;
  if (config.eab.is_known() && config.eab.OrEmpty().hmac_key.is_null()) {
    diagnostics.Error("`eab.hmac_key` is missing",
                      "A new account is bound with `eab.hmac_key`. Set it to the HMAC key from the CA.",
                      EabModel::Schema().PathOf(At(&CaModel::eab), &EabModel::hmac_key));
  }
  if (preset != nullptr && preset->needs_eab && config.eab.is_null()) {
    diagnostics.Error("The CA requires an external account binding",
                      Cat(preset->name,
                          " registers ACME accounts only for its customers. Set `eab` to the key identifier and HMAC key "
                          "that it shows for your account there."),
                      At(&CaModel::directory_url));
  }
}

class ExternalCaAcme final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    ValidateValidation(ReadModel(config), diagnostics);
  }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    if (!HasSealingKey(context, request.prior, result.diagnostics)) return;
    if (const auto sealed = CheckSealed({request.prior, request.prior_private}); !sealed) {
      result.diagnostics.Error("The account is not sealed", sealed.error(), "", At(&CaModel::handle));
      return;
    }
    result.planned_private = request.prior_private;
    const CaModel prior = ReadModel(request.prior);
    CaModel planned = ReadModel(result.planned);
    const bool is_lost = IsAbandoned(context, prior.handle);
    if (prior.handle.is_known() && !is_lost && !IsOtherDirectory(prior, planned)) {
      PlanChange(context, prior, planned, result.diagnostics);
    } else {
      const bool is_imported = !request.prior.is_null() && !prior.handle.is_known();
      PlanAccount(context, ReadModel(request.config), is_imported, planned, result.diagnostics);
    }
    result.planned = CaModel::Schema().Write(planned);
  }

  void NoteSaved(const Context& context, const Value& state) const override { ForgetSavedAccount(context, ReadModel(state)); }

  ChangeResult Read(const base::Call& call, const Context& context, const Stored& current) const override {
    auto sealed = SealDeferred(context.sealer, current);
    ChangeResult result{.stored = current};
    if (!HasSealingKey(context, current.state, result.diagnostics)) return result;
    if (!sealed) {
      result.diagnostics.Error("The account cannot be sealed", sealed.error(), "", At(&CaModel::handle));
      return result;
    }
    result.stored = *std::move(sealed);
    CaModel state = ReadModel(result.stored.state);
    if (!state.verify_on_refresh.OrEmpty()) return result;
    VerifyAccount(call, context, state, result.diagnostics);
    result.stored.state = CaModel::Schema().Write(state);
    return result;
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior}};
    CaModel planned = ReadModel(request.planned);
    if (Settle(call, context, ReadModel(request.config), planned, result.diagnostics))
      result.stored.state = CaModel::Schema().Write(planned);
    return result;
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    const CaModel prior = ReadModel(request.prior);
    CaModel planned = ReadModel(request.planned);
    // After an import, or when the account's key was lost.
    const bool has_account = prior.handle.is_known() && !IsAbandoned(context, prior.handle);
    if (!has_account && !planned.handle.is_known()) return Create(call, context, request);
    if (IsOtherDirectory(prior, planned)) return MoveToDirectory(call, context, request);
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const base::Secret handle = planned.handle.is_known() ? planned.handle.OrEmpty() : prior.handle.OrEmpty();
    auto payload = OpenFilled(context, handle.Reveal(), planned, result.diagnostics);
    if (!payload) return result;
    if (!(prior.account_email == planned.account_email)) {
      if (!ChangeContacts(call, context, *payload, ContactsFrom(planned), result.diagnostics)) return result;
      CaModel changed = prior;
      changed.account_email = planned.account_email;
      result.stored.state = CaModel::Schema().Write(changed);
    }
    if (WantsOtherKey(prior, planned)) {
      const auto version = planned.account_key_version.OrEmpty();
      if (!ChangeAccountKey(call, context, version, *payload, result.diagnostics)) return result;
    }
    if (!SettleValidationOutputs(call, context, *payload, planned, result.diagnostics)) return result;
    if (Seal(context, *payload, planned, result.diagnostics)) result.stored.state = CaModel::Schema().Write(planned);
    return result;
  }

  ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    const CaModel prior = ReadModel(request.prior);
    ForgetSavedAccount(context, prior);
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const bool ours = !prior.adopted.OrEmpty() && prior.deactivate_on_destroy.Or(true);
    if (ours && prior.handle.is_known()) {
      const auto payload = OpenCa(context.sealer, prior.handle.OrEmpty().Reveal());
      if (!payload) {
        // Without the key nobody can deactivate it; a lost sealing key must not block the way out.
        result.diagnostics.Warning(
            Cat("Account not deactivated: ", prior.account_url.OrEmpty()),
            Cat("Its key cannot be opened: ", payload.error().message, ". The account stays active at the CA."));
      } else if (const auto done = DeactivateAccount(call, context, *payload); !done) {
        result.diagnostics.Error(
            "The account could not be deactivated", done.error(),
            "To leave the account as it is, apply deactivate_on_destroy = false first, or remove the resource with "
            "`terraform state rm`.");
        return result;
      }
    }
    result.stored = {.state = Value::Null(CaModel::Schema().type())};
    return result;
  }

  ImportResult Import(const base::Call&, const Context&, std::string_view id) const override {
    ImportResult result{.stored = {.state = Value::Null(CaModel::Schema().type())}};
    if (!base::ParseUrl(id)) {
      result.diagnostics.Error(
          "A CA is imported by its directory URL",
          "Import it by the URL that `directory_url` has. The account is the one of `account_key_pem` in the "
          "configuration.");
      return result;
    }
    CaModel state;
    state.directory_url = std::string(id);
    state.adopted = true;
    result.stored.state = CaModel::Schema().Write(state);
    return result;
  }

  std::optional<ImportResult> Move(const MoveRequest& request) const override { return MoveAcmeRegistration(schema_, request); }

 private:
  // What uses it knows at least that it is a CA.
  static void SetUnknownHandle(CaModel& planned) {
    planned.handle.SetUnknown({.is_null = false, .string_prefix = sealed::KnownPrefix(sealed::handle_kind::kCa, {})});
  }

  // Null after a move from another provider: the first plan takes the configured directory for the account's.
  static bool IsOtherDirectory(const CaModel& prior, const CaModel& planned) {
    return !prior.directory_url.is_null() && !(prior.directory_url == planned.directory_url);
  }

  // Gets the account of `planned` and seals it. False after an error.
  static bool Settle(const base::Call& call, const Context& context, const CaModel& config, CaModel& planned,
                     schema::Diagnostics& diagnostics) {
    CaPayload payload;
    if (!FillFrom(context, planned, payload, diagnostics)) return false;
    const auto obtained = ObtainAccount(call, context, payload, planned, config, diagnostics);
    if (!obtained) return false;
    payload.account_url = obtained->account.url;
    payload.account_key_pem = obtained->account.key.ToPem();
    if (!Seal(context, payload, planned, diagnostics)) return false;
    call.log.Info("account ready", {{base::key::kCa, payload.directory_url}, {base::key::kUrl, payload.account_url}});
    planned.id = planned.account_url = payload.account_url;
    planned.adopted = !config.account_key_pem.is_null();
    planned.caa_identities = obtained->directory.caa_identities;
    SetValidationOutputs(obtained->directory, obtained->account, planned);
    planned.terms_of_service_url.SetNull();
    if (!obtained->directory.terms_of_service.empty()) planned.terms_of_service_url = obtained->directory.terms_of_service;
    return true;
  }

  // The old account is given up only when the new one is known to work: an external account binding may be valid once.
  static ChangeResult MoveToDirectory(const base::Call& call, const Context& context, const ChangeRequest& request) {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const CaModel prior = ReadModel(request.prior);
    CaModel planned = ReadModel(request.planned);
    if (!Settle(call, context, ReadModel(request.config), planned, result.diagnostics)) return result;
    result.stored.state = CaModel::Schema().Write(planned);
    const bool ours =
        !prior.adopted.OrEmpty() && planned.deactivate_on_destroy.Or(true) && !(prior.account_url == planned.account_url);
    if (!ours || !prior.handle.is_known()) return result;
    const auto payload = OpenCa(context.sealer, prior.handle.OrEmpty().Reveal());
    const auto done = payload ? DeactivateAccount(call, context, *payload) : base::Result<void>(payload.error());
    if (!done) {
      result.diagnostics.Warning(
          Cat("Account not deactivated: ", prior.account_url.OrEmpty()),
          Cat("The CA was moved to another directory, and its former account stays active: ", schema::Describe(done.error())));
    }
    return result;
  }

  // A new account, or one that is adopted: everything about it is known once the CA has been asked.
  static void PlanAccount(const Context& context, const CaModel& config, bool is_imported, CaModel& planned,
                          schema::Diagnostics& diagnostics) {
    planned.id.SetUnknown();
    planned.account_url.SetUnknown();
    planned.terms_of_service_url.SetUnknown();
    planned.caa_identities.SetUnknown();
    PlanValidationOutputs({}, KeepsAccount::kNo, planned);
    SetUnknownHandle(planned);
    if (!is_imported && config.account_key_pem.is_unknown()) {
      planned.adopted.SetUnknown();
    } else if (!is_imported) {
      planned.adopted = !config.account_key_pem.is_null();
    } else if (config.account_key_pem.is_null()) {
      diagnostics.Error("`account_key_pem` is missing",
                        "An imported CA adopts the account of `account_key_pem`. Set it to the account's private key.",
                        At(&CaModel::account_key_pem));
    }
    CheckNewAccount(config, diagnostics);
    CaPayload payload;
    if (IsSealable(context, planned)) (void)FillFrom(context, planned, payload, diagnostics);
  }

  static void PlanChange(const Context& context, const CaModel& prior, CaModel& planned, schema::Diagnostics& diagnostics) {
    const bool other_key = WantsOtherKey(prior, planned);
    PlanValidationOutputs(prior, other_key ? KeepsAccount::kWithOtherKey : KeepsAccount::kWithKey, planned);
    if (const CaPreset* preset = PresetOf(planned); other_key && preset != nullptr && !preset->has_key_change) {
      diagnostics.Error("The CA does not change account keys",
                        Cat(preset->name, " does not offer to change an account's key. Set `account_key_version` back."),
                        At(&CaModel::account_key_version));
    }
    const base::Secret handle = prior.handle.OrEmpty();
    if (other_key || !IsSealable(context, planned)) {
      if (other_key || !AreHandleInputsEqual(prior, planned)) SetUnknownHandle(planned);
      return;
    }
    if (AreHandleInputsEqual(prior, planned) && !context.sealer.IsStale(handle.Reveal())) return;
    const auto payload = OpenFilled(context, handle.Reveal(), planned, diagnostics);
    if (payload) (void)Seal(context, *payload, planned, diagnostics);
  }

  // True if the version changed, unless the account was just imported.
  static bool WantsOtherKey(const CaModel& prior, const CaModel& planned) {
    return !prior.directory_url.is_null() && !planned.account_key_version.is_null() &&
           !(planned.account_key_version == prior.account_key_version);
  }

  // True if everything but the account is known, the sealing key included.
  static bool IsSealable(const Context& context, const CaModel& planned) {
    return context.sealer.state() == Sealer::State::kReady && planned.dns.is_wholly_known() &&
           planned.propagation.is_wholly_known() && planned.trusted_roots_pem.is_wholly_known() &&
           planned.directory_url.is_wholly_known() && planned.check_caa.is_wholly_known() && planned.validation.is_wholly_known();
  }

  static bool AreHandleInputsEqual(const CaModel& prior, const CaModel& planned) {
    return prior.dns == planned.dns && prior.propagation == planned.propagation &&
           prior.trusted_roots_pem == planned.trusted_roots_pem && prior.directory_url == planned.directory_url &&
           prior.check_caa.Or(true) == planned.check_caa.Or(true) && prior.validation == planned.validation;
  }

  // Everything but the account, from wholly known values. False after an error.
  static bool FillFrom(const Context& context, const CaModel& values, CaPayload& payload, schema::Diagnostics& diagnostics) {
    payload.directory_url = values.directory_url.OrEmpty();
    payload.trusted_roots_pem = values.trusted_roots_pem.OrEmpty();
    payload.propagation = PropagationFrom(values.propagation.OrEmpty());
    payload.check_caa = values.check_caa.Or(true);
    payload.validation = values.validation.Or(std::string(kDefaultValidation));
    if (payload.validation == kDefaultValidation) payload.validation.clear();
    payload.dns.clear();
    std::int64_t index = 0;
    for (const DnsModel& one : values.dns.OrEmpty()) {
      const auto path = DnsModel::Schema().PathOf(At(&CaModel::dns).Index(index++), &DnsModel::app_connection);
      auto connection = OpenConnection(context.sealer, one.app_connection.OrEmpty().Reveal());
      if (!connection) {
        diagnostics.Error("The DNS connection cannot be used", connection.error(), "", path);
        continue;
      }
      if (!engine::vendors::FindDnsProvider(connection->kind)) {
        diagnostics.Error("The connection cannot change DNS",
                          Cat("A connection of the kind ", connection->kind,
                              " does not provide DNS. Pass the handle of a connection that does."),
                          path);
        continue;
      }
      payload.dns.push_back({.connection = *std::move(connection), .zone = one.zone.OrEmpty()});
    }
    return !diagnostics.HasErrors();
  }

  // What the handle holds, with everything but the account from `planned`. Empty after an error.
  static std::optional<CaPayload> OpenFilled(const Context& context, std::string_view handle, const CaModel& planned,
                                             schema::Diagnostics& diagnostics) {
    auto payload = OpenCa(context.sealer, handle);
    if (!payload) {
      diagnostics.Error(
          "The CA's sealed account cannot be read", payload.error(),
          "If that key is lost, so is the account: after `terraform taint <address of this resource>`, the next apply "
          "registers a new one. See the guide on sealing keys.",
          At(&CaModel::handle));
      return std::nullopt;
    }
    if (!FillFrom(context, planned, *payload, diagnostics)) return std::nullopt;
    return *std::move(payload);
  }

  // Sets the handle. False after an error.
  static bool Seal(const Context& context, const CaPayload& payload, CaModel& ca, schema::Diagnostics& diagnostics) {
    auto handle = SealCa(context.sealer, payload);
    if (!handle) {
      diagnostics.Error("The CA cannot be sealed", handle.error(), "", At(&CaModel::handle));
      return false;
    }
    ca.handle = base::Secret(*std::move(handle));
    return true;
  }

  const std::string type_name_ = "certwright_external_ca_acme";
  const schema::Schema schema_ = ExternalCaAcmeSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeExternalCaAcme() { return std::make_unique<ExternalCaAcme>(); }

}  // namespace resources::external_ca
