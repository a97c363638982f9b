// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/vancluever_migration.h"

#include "base/crypto/key.h"
#include "base/json.h"
#include "resources/configure.h"
#include "resources/deferred_sealing.h"
#include "resources/sealed/payload.h"

namespace resources::external_ca {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using schema::cty::Value;
using sealed::CaPayload;
using sealed::PayloadText;

// Null and "" are the same to that provider.
std::string TextOf(const base::Json& state, std::string_view name) { return base::FindString(state, name).value_or(""); }

Result<Stored> AccountFrom(const schema::Schema& target, const std::string& json) {
  const auto state = base::ParseJsonObject(json);
  if (!state) return state.error();
  const auto key = base::crypto::ParsePrivateKey(base::Secret(TextOf(*state, "account_key_pem")));
  if (!key) return Error(key.error()).While("reading account_key_pem");
  CaPayload payload;
  payload.account_url = TextOf(*state, "registration_url");
  if (payload.account_url.empty()) payload.account_url = TextOf(*state, "id");
  if (payload.account_url.empty()) return Error{ErrorKind::kInvalid, "it has no registration_url"};
  payload.account_key_pem = key->ToPem();
  Value::Members members;
  members.emplace("id", Value::String(payload.account_url));
  members.emplace("account_url", Value::String(payload.account_url));
  members.emplace("adopted", Value::Bool(false));  // that provider, too, deactivates it when it is destroyed
  if (const std::string email = TextOf(*state, "email_address"); !email.empty()) {
    members.emplace("account_email", Value::String(email));
  }
  return Arrive(SealerFromEnvironment(), sealed::handle_kind::kCa, PayloadText(payload),
                Value::ObjectOf(target.ImpliedType(), std::move(members)));
}

}  // namespace

std::optional<ImportResult> MoveAcmeRegistration(const schema::Schema& target, const MoveRequest& request) {
  if (request.source_type != "acme_registration") return std::nullopt;
  return FinishMove(AccountFrom(target, request.source_json), request, target);
}

}  // namespace resources::external_ca
