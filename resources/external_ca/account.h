// SPDX-License-Identifier: MPL-2.0
// What a certwright_external_ca_acme does at its CA. Each call tells what went wrong at the attribute to blame, and what to do.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/acme/account.h"
#include "resources/context.h"
#include "resources/external_ca/model.h"
#include "resources/sealed/payload.h"
#include "schema/diagnostics.h"

namespace resources::external_ca {

struct ObtainedAccount {
  engine::acme::Account account;
  engine::acme::Directory directory;
};

// An account, and the client of its CA.
struct OpenedAccount {
  std::shared_ptr<engine::acme::Client> client;
  engine::acme::Account account;
};
// Makes no request. Errors: kInvalid.
base::Result<OpenedAccount> OpenAccount(const Context& context, const sealed::CaPayload& ca);

// What to do when the CA knows an account no more.
extern const char* const kReplaceAccount;

// "mailto:" and the account_email; empty without one.
std::vector<std::string> ContactsFrom(const CaModel& ca);

// The account of `account_key_pem`, which has to exist; without it, a new account under a new key. `config` holds the write-only
// values. Empty after an error. Blocks, 5 minutes at most, as all below.
std::optional<ObtainedAccount> ObtainAccount(const base::Call& call, const Context& context, const sealed::CaPayload& ca,
                                             const CaModel& planned, const CaModel& config, schema::Diagnostics& diagnostics);

// These return false after an error.
bool ChangeContacts(const base::Call& call, const Context& context, const sealed::CaPayload& ca,
                    const std::vector<std::string>& contacts, schema::Diagnostics& diagnostics);

// Gives the account another key, and `ca` with it. The key follows from the sealing key, the account, its present key and
// `version`: a run that was killed before it could save the key makes the same one again.
bool ChangeAccountKey(const base::Call& call, const Context& context, std::int64_t version, sealed::CaPayload& ca,
                      schema::Diagnostics& diagnostics);

// An account that is gone already is no error.
base::Result<void> DeactivateAccount(const base::Call& call, const Context& context, const sealed::CaPayload& ca);

}  // namespace resources::external_ca
