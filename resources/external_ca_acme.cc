// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca_acme.h"

#include "base/text.h"
#include "engine/acme/account.h"
#include "engine/dns/catalog.h"
#include "resources/account_journal.h"
#include "resources/acme_clients.h"
#include "resources/external_ca_acme_schema.h"
#include "resources/payload.h"
#include "schema/reader.h"

namespace resources {
namespace {

using base::Cat;
using engine::acme::Account;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

constexpr std::chrono::minutes kAccountLimit{5};

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

std::vector<std::string> ContactsFrom(const Reader& ca) {
  const auto email = ca.Text("account_email");
  return email ? std::vector<std::string>{Cat("mailto:", *email)} : std::vector<std::string>{};
}

// What the CA, or the way to it, answered: the attribute to blame, and what to do about it.
struct Blame {
  Path path;
  std::string advice;
};

Blame BlameFor(const base::Error& error, const Reader& config) {
  const std::string& code = error.code;
  const bool has_eab = !config.IsNull("eab");
  if (code == "tls-verify") {
    // An attribute that is not set has no line to point at.
    return {Path::Of(config.IsNull("trusted_roots_pem") ? "directory_url" : "trusted_roots_pem"),
            "If this is a private CA, set trusted_roots_pem to the root certificate of its HTTPS server."};
  }
  if (code.ends_with(":externalAccountRequired") || code == "eab" || (has_eab && error.kind == base::ErrorKind::kDenied)) {
    return {Path::Of("eab"),
            "Check eab.kid and eab.hmac_key against what the CA shows for your account; some are valid only once."};
  }
  if (code.ends_with(":invalidContact") || code.ends_with(":unsupportedContact")) {
    return {Path::Of("account_email"), "Use an address that the CA accepts."};
  }
  return {Path::Of("directory_url"), "Check that directory_url is the CA's ACME directory and that this machine can reach it."};
}

class ExternalCaAcme final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value&, schema::Diagnostics&) const override {}

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    const bool known = AreHandleInputsKnown(result.planned);
    CaPayload payload;
    const bool sealable = known && context.sealer.state() == Sealer::State::kReady;
    const Value prior_handle = request.prior.Get("handle");
    if (!prior_handle.is_known()) {
      if (sealable) (void)FillFrom(context, result.planned, payload, result.diagnostics);  // tells bad handles at plan
      return;
    }
    if (known && AreHandleInputsEqual(request.prior, result.planned) && !context.sealer.IsStale(prior_handle.AsString())) return;
    if (!sealable) {
      result.planned = result.planned.With("handle", Value::Unknown(Type::String()));
      return;
    }
    if (const auto handle = Reseal(context, prior_handle.AsString(), result.planned, result.diagnostics)) {
      result.planned = result.planned.With("handle", Value::String(*handle));
    }
  }

  ChangeResult Read(const base::Call&, const Context& context, const Stored& current) const override {
    ForgetSavedAccount(context, current.state);
    return {.stored = current};
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior}};
    const Reader planned(schema_.attributes, request.planned);
    CaPayload payload;
    if (!FillFrom(context, request.planned, payload, result.diagnostics)) return result;
    const auto account = Register(call.Within(kAccountLimit), context, request, payload, result.diagnostics);
    if (!account) return result;
    payload.account_url = account->url;
    payload.account_key_pem = account->key.ToPem();
    auto handle = SealCa(context.sealer, payload);
    if (!handle) {
      result.diagnostics.Error("The CA cannot be sealed", handle.error(), "", Path::Of("handle"));
      return result;
    }
    call.log.Info("account ready", {{base::key::kCa, payload.directory_url}, {base::key::kUrl, account->url}});
    result.stored.state = request.planned.With("id", Value::String(account->url))
                              .With("account_url", Value::String(account->url))
                              .With("handle", Value::String(*std::move(handle)));
    return result;
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior}};
    std::string handle;
    if (const Value planned = request.planned.Get("handle"); planned.is_known()) {
      handle = planned.AsString();
    } else if (const auto sealed = Reseal(context, request.prior.Get("handle").AsString(), request.planned, result.diagnostics)) {
      handle = *sealed;
    } else {
      return result;
    }
    if (request.prior.Get("account_email") != request.planned.Get("account_email") &&
        !ChangeContacts(call.Within(kAccountLimit), context, handle, request.planned, result.diagnostics)) {
      return result;
    }
    result.stored.state = request.planned.With("handle", Value::String(handle));
    return result;
  }

  ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ForgetSavedAccount(context, request.prior);
    ChangeResult result{.stored = {.state = request.prior}};
    const Reader prior(schema_.attributes, request.prior);
    if (prior.Flag("deactivate_on_destroy").value_or(true) && request.prior.Get("handle").is_known() &&
        !Deactivate(call.Within(kAccountLimit), context, request.prior.Get("handle").AsString(), result.diagnostics)) {
      return result;
    }
    result.stored.state = Value::Null(schema_.ImpliedType());
    return result;
  }

  ImportResult Import(const base::Call&, const Context&, std::string_view) const override {
    ImportResult result{.stored = {.state = Value::Null(schema_.ImpliedType())}};
    result.diagnostics.Error(
        "A CA cannot be imported",
        "An account is useless without its key, and the key was never stored outside the state. Declare the resource "
        "and apply: a new account costs nothing.");
    return result;
  }

 private:
  static bool AreHandleInputsKnown(const Value& planned) {
    return planned.Get("dns").is_wholly_known() && planned.Get("propagation").is_wholly_known() &&
           planned.Get("trusted_roots_pem").is_wholly_known() && planned.Get("directory_url").is_wholly_known();
  }

  static bool AreHandleInputsEqual(const Value& prior, const Value& planned) {
    return prior.Get("dns") == planned.Get("dns") && prior.Get("propagation") == planned.Get("propagation") &&
           prior.Get("trusted_roots_pem") == planned.Get("trusted_roots_pem");
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
      if (!engine::dns::FindProvider(connection->kind)) {
        diagnostics.Error(
            "The connection cannot change DNS",
            Cat("A connection of the kind ", connection->kind, " is no DNS service. Pass the handle of one that is."), path);
        continue;
      }
      payload.dns.push_back({.connection = *std::move(connection), .zone = one.Text("zone").value_or("")});
    }
    return !diagnostics.HasErrors();
  }

  std::optional<std::string> Reseal(const Context& context, std::string_view prior_handle, const Value& planned,
                                    schema::Diagnostics& diagnostics) const {
    auto payload = OpenCa(context.sealer, prior_handle);
    if (!payload) {
      diagnostics.Error("The CA's sealed account cannot be read", payload.error(), "", Path::Of("handle"));
      return std::nullopt;
    }
    if (!FillFrom(context, planned, *payload, diagnostics)) return std::nullopt;
    auto handle = SealCa(context.sealer, *payload);
    if (!handle) {
      diagnostics.Error("The CA cannot be sealed", handle.error(), "", Path::Of("handle"));
      return std::nullopt;
    }
    return *std::move(handle);
  }

  std::optional<Account> Register(const base::Call& call, const Context& context, const ChangeRequest& request,
                                  const CaPayload& payload, schema::Diagnostics& diagnostics) const {
    const Reader planned(schema_.attributes, request.planned);
    const Reader config(schema_.attributes, request.config);
    const bool agree = planned.Flag("agree_to_terms").value_or(true);
    const std::optional<Reader> eab = config.Single("eab");
    const auto fail = [&](const base::Error& error) {
      const Blame blame = BlameFor(error, config);
      diagnostics.Error("The account could not be made", error, blame.advice, blame.path);
      return std::nullopt;
    };
    const auto client = context.acme->Get(payload.directory_url, payload.trusted_roots_pem);
    if (!client) {
      diagnostics.Error("The trusted roots cannot be used", client.error(), "", Path::Of("trusted_roots_pem"));
      return std::nullopt;
    }
    const auto directory = engine::acme::FetchDirectory(call, **client);
    if (!directory) return fail(directory.error());
    if (!agree && !directory->terms_of_service.empty()) {
      diagnostics.Error("The CA's terms were not agreed to",
                        Cat("This CA makes accounts only for those who agree to ", directory->terms_of_service,
                            ". Read them, and set agree_to_terms to true if you do."),
                        Path::Of("agree_to_terms"));
      return std::nullopt;
    }
    AccountJournal journal(context, payload.directory_url, planned.Text("account_email").value_or(""));
    auto key = journal.MakeKey();
    if (!key) return fail(key.error());
    engine::acme::NewAccount wanted{
        .key = *std::move(key), .contacts = ContactsFrom(planned), .eab = {}, .agree_to_terms = agree};
    if (eab) {
      wanted.eab = engine::acme::ExternalAccountBinding{.kid = eab->Text("kid").value_or(""),
                                                        .hmac_key = eab->SecretText("hmac_key").value_or(base::Secret())};
    }
    auto account = engine::acme::RegisterAccount(call, **client, wanted);
    journal.Conclude(account);
    if (!account) return fail(account.error());
    return *std::move(account);
  }

  struct Opened {
    std::shared_ptr<engine::acme::Client> client;
    Account account;
  };

  base::Result<Opened> Open(const Context& context, std::string_view handle) const {
    auto payload = OpenCa(context.sealer, handle);
    if (!payload) return std::move(payload).error();
    auto key = base::crypto::ParsePrivateKey(payload->account_key_pem);
    if (!key) return std::move(key).error().While("reading the account key");
    auto client = context.acme->Get(payload->directory_url, payload->trusted_roots_pem);
    if (!client) return std::move(client).error();
    return Opened{.client = *std::move(client), .account = {.url = payload->account_url, .key = *std::move(key)}};
  }

  bool ChangeContacts(const base::Call& call, const Context& context, std::string_view handle, const Value& planned,
                      schema::Diagnostics& diagnostics) const {
    const auto opened = Open(context, handle);
    auto done = opened ? engine::acme::UpdateContacts(call, *opened->client, opened->account,
                                                      ContactsFrom(Reader(schema_.attributes, planned)))
                       : base::Result<void>(opened.error());
    if (!done) diagnostics.Error("The account's contact could not be changed", done.error(), "", Path::Of("account_email"));
    return done.ok();
  }

  bool Deactivate(const base::Call& call, const Context& context, std::string_view handle,
                  schema::Diagnostics& diagnostics) const {
    const auto opened = Open(context, handle);
    auto done =
        opened ? engine::acme::DeactivateAccount(call, *opened->client, opened->account) : base::Result<void>(opened.error());
    if (!done) {
      diagnostics.Error("The account could not be deactivated", done.error(),
                        "To leave the account as it is, apply deactivate_on_destroy = false first, or remove the resource with "
                        "`terraform state rm`.");
    }
    return done.ok();
  }

  const std::string type_name_ = "certwright_external_ca_acme";
  const schema::Schema schema_ = ExternalCaAcmeSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeExternalCaAcme() { return std::make_unique<ExternalCaAcme>(); }

}  // namespace resources
