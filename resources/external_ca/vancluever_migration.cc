// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/vancluever_migration.h"

#include "base/crypto/key.h"
#include "base/json.h"
#include "resources/configure.h"
#include "resources/deferred_sealing.h"
#include "resources/external_ca/model.h"
#include "resources/sealed/payload.h"

namespace resources::external_ca {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using sealed::CaPayload;
using sealed::ToSealable;

// Null and "" are the same to that provider.
std::string TextOf(const base::Json& state, std::string_view name) { return base::FindString(state, name).value_or(""); }

Result<Stored> AccountFrom(const std::string& source_json) {
  const auto state = base::ParseJsonObject(source_json);
  if (!state) return state.error();
  const auto key = base::crypto::ParsePrivateKey(base::Secret(TextOf(*state, "account_key_pem")));
  if (!key) return Error(key.error()).While("reading account_key_pem");
  CaPayload payload;
  payload.account_url = TextOf(*state, "registration_url");
  if (payload.account_url.empty()) payload.account_url = TextOf(*state, "id");
  if (payload.account_url.empty()) return Error{ErrorKind::kInvalid, "it has no registration_url"};
  payload.account_key_pem = key->ToPem();
  CaModel state_of_account;
  state_of_account.id = state_of_account.account_url = payload.account_url;
  state_of_account.adopted = false;  // that provider, too, deactivates it when it is destroyed
  if (const std::string email = TextOf(*state, "email_address"); !email.empty()) state_of_account.account_email = email;
  return SealNowOrLater(SealerFromEnvironment(), ToSealable(payload), CaModel::Schema().Write(state_of_account));
}

}  // namespace

std::optional<ImportResult> MoveAcmeRegistration(const schema::Schema& target, const MoveRequest& request) {
  if (request.source_type != "acme_registration") return std::nullopt;
  return FinishMove(AccountFrom(request.source_json), request, target);
}

}  // namespace resources::external_ca
