// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/account.h"

#include "base/crypto/jwk.h"
#include "base/http/proxy_code.h"
#include "base/text.h"
#include "engine/acme/problem.h"
#include "resources/acme_clients.h"
#include "resources/external_ca/account_journal.h"

namespace resources::external_ca {
namespace {

using base::Cat;
using engine::acme::Account;
using engine::acme::IsProblem;
using engine::acme::KeyChange;
using schema::cty::Path;
using sealed::CaPayload;

constexpr std::chrono::minutes kAccountLimit{5};

// The attribute to correct after a failure of the CA or of the way to it, and how.
struct Remedy {
  Path path;
  std::string advice;
};

Remedy RemedyFor(const base::Error& error, const CaModel& config) {
  const bool has_eab = !config.eab.is_null();
  if (error.kind == base::ErrorKind::kUntrusted) {
    // An attribute that is not set has no line to point at.
    return {At(config.trusted_roots_pem.is_null() ? &CaModel::directory_url : &CaModel::trusted_roots_pem),
            "If this is a private CA, set trusted_roots_pem to the root certificate of its HTTPS server."};
  }
  // Of a binding that was used before Sectigo says "malformed", and names it in the text alone.
  const bool names_eab = base::ToLower(error.message).find("external account binding") != std::string::npos;
  if (IsProblem(error, "externalAccountRequired") || error.blame == base::Blame{engine::acme::kCaSubject, "eab"} ||
      (has_eab && (names_eab || error.kind == base::ErrorKind::kDenied))) {
    return {At(&CaModel::eab),
            "Check eab.kid and eab.hmac_key against what the CA shows for your account; some are valid only once."};
  }
  // step-ca's answer to a binding that it does not know, or that was used before.
  if (has_eab && IsProblem(error, "serverInternal")) {
    return {At(&CaModel::eab),
            "The likely cause is `eab`: some CAs answer so to a binding that is unknown or was used before. Check `eab.kid` and "
            "`eab.hmac_key` against what the CA shows for your account."};
  }
  // Google Trust Services calls a contact that is missing malformed.
  const bool names_contact = IsProblem(error, "malformed") && base::ToLower(error.message).find("contact") != std::string::npos;
  if (IsProblem(error, "invalidContact") || IsProblem(error, "unsupportedContact") || names_contact) {
    return {At(&CaModel::account_email), config.account_email.is_null() ? "Set `account_email`: the CA wants a contact."
                                                                        : "Use an address that the CA accepts."};
  }
  if (IsProblem(error, "userActionRequired")) {
    return {At(&CaModel::agree_to_terms), "Do what the CA asks for at the URL above, and apply again."};
  }
  if (error.code == base::http::kProxyCode) {
    return {
        At(&CaModel::name),
        "The proxy is the one of `HTTPS_PROXY` (or `https_proxy`, `ALL_PROXY`) in Terraform's environment. Correct it there, or "
        "add the CA's host to `NO_PROXY`."};
  }
  return {At(&CaModel::directory_url), "Check that directory_url is the CA's ACME directory and that this machine can reach it."};
}

// The client and its directory; empty after an error.
std::shared_ptr<engine::acme::Client> Reach(const base::Call& call, const Context& context, const CaPayload& ca,
                                            const CaModel& config, engine::acme::Directory& directory,
                                            schema::Diagnostics& diagnostics) {
  const auto client = context.acme->Get(ca.directory_url, ca.trusted_roots_pem);
  if (!client) {
    diagnostics.Error("The trusted roots cannot be used", client.error(), "", At(&CaModel::trusted_roots_pem));
    return nullptr;
  }
  auto fetched = engine::acme::FetchDirectory(call, **client);
  if (!fetched) {
    const Remedy remedy = RemedyFor(fetched.error(), config);
    diagnostics.Error("The CA's directory cannot be read", fetched.error(), remedy.advice, remedy.path);
    return nullptr;
  }
  directory = *std::move(fetched);
  return *client;
}

std::optional<Account> Adopt(const base::Call& call, engine::acme::Client& client, const base::Secret& key_pem,
                             const CaModel& planned, const CaModel& config, schema::Diagnostics& diagnostics) {
  const auto key = base::crypto::ParsePrivateKey(key_pem);
  auto account = key ? engine::acme::FindAccount(call, client, *key) : base::Result<Account>(key.error());
  if (!account) {
    const bool gone = engine::acme::IsAccountGone(account.error());
    const Remedy remedy = gone || !key
                              ? Remedy{At(&CaModel::account_key_pem),
                                       "The CA has no active account for this key. Check that it is the key of an account at "
                                       "this directory_url; without account_key_pem a new account is made."}
                              : RemedyFor(account.error(), config);
    diagnostics.Error("The account could not be taken over", account.error(), remedy.advice, remedy.path);
    return std::nullopt;
  }
  const auto contacts = ContactsFrom(planned);
  const auto told = contacts.empty() ? base::Result<void>() : engine::acme::UpdateContacts(call, client, *account, contacts);
  if (!told) {
    diagnostics.Error("The account's contact could not be changed", told.error(), "", At(&CaModel::account_email));
    return std::nullopt;
  }
  return *std::move(account);
}

// With the key that the journal has or makes; the journal knows how it ended.
base::Result<Account> MakeAccount(const base::Call& call, engine::acme::Client& client, const CaModel& planned,
                                  const CaModel& config, AccountJournal& journal) {
  const auto key = journal.MakeKey();
  if (!key) return key.error();
  engine::acme::NewAccount wanted{
      .key = *key, .contacts = ContactsFrom(planned), .eab = {}, .agree_to_terms = planned.agree_to_terms.Or(true)};
  if (const auto eab = config.eab.Get()) {
    wanted.eab = engine::acme::ExternalAccountBinding{.kid = eab->kid.OrEmpty(), .hmac_key = eab->hmac_key.OrEmpty()};
  }
  auto account = base::Result<Account>(base::Error{});
  // Looked for first: a binding that is valid once would be refused.
  if (journal.is_left()) account = engine::acme::FindAccount(call, client, *key);
  if (!account) account = engine::acme::RegisterAccount(call, client, wanted);
  journal.Conclude(account);
  return account;
}

std::optional<Account> Register(const base::Call& call, const Context& context, const CaPayload& ca, engine::acme::Client& client,
                                const engine::acme::Directory& directory, const CaModel& planned, const CaModel& config,
                                schema::Diagnostics& diagnostics) {
  const bool agree = planned.agree_to_terms.Or(true);
  if (!agree && !directory.terms_of_service.empty()) {
    diagnostics.Error("The CA's terms were not agreed to",
                      Cat("This CA makes accounts only for those who agree to ", directory.terms_of_service,
                          ". Read them, and set agree_to_terms to true if you do."),
                      At(&CaModel::agree_to_terms));
    return std::nullopt;
  }
  AccountJournal journal(call, context, ca.directory_url, planned.account_email.OrEmpty());
  auto account = MakeAccount(call, client, planned, config, journal);
  if (!account) {
    const Remedy remedy = RemedyFor(account.error(), config);
    diagnostics.Error("The account could not be made", account.error(), remedy.advice, remedy.path);
    return std::nullopt;
  }
  return *std::move(account);
}

}  // namespace

const char* const kReplaceAccount =
    "The CA does not know this account any more, or it was deactivated. `terraform apply -replace=<address of this resource>` "
    "makes a new one; certificates are then ordered with it.";

base::Result<OpenedAccount> OpenAccount(const Context& context, const CaPayload& ca) {
  auto key = context.acme->ReadAccountKey(ca.account_key_pem);
  if (!key) return std::move(key).error().While("reading the account key");
  auto client = context.acme->Get(ca.directory_url, ca.trusted_roots_pem);
  if (!client) return std::move(client).error();
  return OpenedAccount{.client = *std::move(client), .account = {.url = ca.account_url, .key = *std::move(key)}};
}

std::vector<std::string> ContactsFrom(const CaModel& ca) {
  const auto email = ca.account_email.Get();
  return email ? std::vector<std::string>{Cat("mailto:", *email)} : std::vector<std::string>{};
}

std::optional<ObtainedAccount> ObtainAccount(const base::Call& call, const Context& context, const CaPayload& ca,
                                             const CaModel& planned, const CaModel& config, schema::Diagnostics& diagnostics) {
  const base::Call limited = call.Within(kAccountLimit);
  engine::acme::Directory directory;
  const auto client = Reach(limited, context, ca, config, directory, diagnostics);
  if (!client) return std::nullopt;
  const auto key_pem = config.account_key_pem.Get();
  auto account = key_pem ? Adopt(limited, *client, *key_pem, planned, config, diagnostics)
                         : Register(limited, context, ca, *client, directory, planned, config, diagnostics);
  if (!account) return std::nullopt;
  return ObtainedAccount{.account = *std::move(account), .directory = std::move(directory)};
}

bool ChangeContacts(const base::Call& call, const Context& context, const CaPayload& ca, const std::vector<std::string>& contacts,
                    schema::Diagnostics& diagnostics) {
  const auto opened = OpenAccount(context, ca);
  const auto done = opened ? engine::acme::UpdateContacts(call.Within(kAccountLimit), *opened->client, opened->account, contacts)
                           : base::Result<void>(opened.error());
  if (!done) {
    diagnostics.Error("The account's contact could not be changed", done.error(),
                      engine::acme::IsAccountGone(done.error()) ? kReplaceAccount : "", At(&CaModel::account_email));
  }
  return done.ok();
}

bool ChangeAccountKey(const base::Call& call, const Context& context, std::int64_t version, CaPayload& ca,
                      schema::Diagnostics& diagnostics) {
  constexpr const char* kSummary = "The account's key could not be changed";
  base::Secret key_pem;
  const auto change = [&]() -> base::Result<KeyChange> {
    const auto opened = OpenAccount(context, ca);
    if (!opened) return opened.error();
    // If the CA's answer is lost, the next run finds the same key again. The present key goes into it: whoever gets hold of the
    // sealing key alone cannot make it.
    const auto seed = context.sealer.Derive(
        opened->account.key.ToPem(),
        Cat("account key ", version, " of ", ca.account_url, " after ", base::crypto::JwkThumbprint(opened->account.key)));
    if (!seed) return seed.error();
    const auto key = base::crypto::KeyFromSeed(*seed);
    if (!key) return key.error();
    key_pem = key->ToPem();
    return engine::acme::ChangeKey(call.Within(kAccountLimit), *opened->client, opened->account, *key);
  };
  const auto changed = change();
  if (!changed) {
    diagnostics.Error(kSummary, changed.error(), engine::acme::IsAccountGone(changed.error()) ? kReplaceAccount : "",
                      At(&CaModel::account_key_version));
    return false;
  }
  if (*changed == KeyChange::kNotOffered) {
    diagnostics.Error(kSummary,
                      "The CA does not let accounts change their key: its directory has no keyChange.\n\n"
                      "Set account_key_version back. A new account has a new key: "
                      "`terraform apply -replace=<address of this resource>` makes one.",
                      At(&CaModel::account_key_version));
    return false;
  }
  ca.account_key_pem = std::move(key_pem);
  return true;
}

base::Result<void> DeactivateAccount(const base::Call& call, const Context& context, const CaPayload& ca) {
  const auto opened = OpenAccount(context, ca);
  if (!opened) return opened.error();
  return engine::acme::DeactivateAccount(call.Within(kAccountLimit), *opened->client, opened->account);
}

}  // namespace resources::external_ca
