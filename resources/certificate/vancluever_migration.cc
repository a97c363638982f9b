// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/vancluever_migration.h"

#include "base/crypto/key_and_chain.h"
#include "base/json.h"
#include "base/text.h"
#include "resources/certificate/import.h"
#include "resources/configure.h"
#include "resources/deferred_sealing.h"
#include "resources/sealed/payload.h"

namespace resources {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using schema::cty::Value;

// Null and "" are the same to that provider.
std::string TextOf(const base::Json& state, std::string_view name) { return base::FindString(state, name).value_or(""); }

Result<Stored> CertificateFrom(const schema::Schema& target, const std::string& json) {
  const auto state = base::ParseJsonObject(json);
  if (!state) return state.error();
  // Without a private key it was ordered with a signing request.
  base::Secret key(TextOf(*state, "private_key_pem"));
  if (key.empty()) key = base::Secret(TextOf(*state, "certificate_request_pem"));
  const base::Secret all(Cat(key.Reveal(), '\n', TextOf(*state, "certificate_pem"), '\n', TextOf(*state, "issuer_pem"), '\n'));
  const auto found = base::crypto::ParseKeyAndChain(all);
  if (!found) return found.error();
  return ArriveCertificate(SealerFromEnvironment(), target, *found);
}

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
  return Arrive(SealerFromEnvironment(), handle_kind::kCa, PayloadText(payload),
                Value::ObjectOf(target.ImpliedType(), std::move(members)));
}

ImportResult ToResult(Result<Stored> moved, const MoveRequest& request, const schema::Schema& target) {
  ImportResult result{.stored = {.state = Value::Null(target.ImpliedType())}};
  if (moved) {
    WarnOfUnsealed(*moved, result.diagnostics);
    result.stored = *std::move(moved);
  } else {
    result.diagnostics.Error(Cat("This ", request.source_type, " cannot be moved"), moved.error(),
                             "Without the moved block a new one is made; `terraform state rm` lets go of the old one without "
                             "revoking or deactivating it.");
  }
  return result;
}

}  // namespace

std::optional<ImportResult> MoveAcmeCertificate(const schema::Schema& target, const MoveRequest& request) {
  if (request.source_type != "acme_certificate") return std::nullopt;
  return ToResult(CertificateFrom(target, request.source_json), request, target);
}

std::optional<ImportResult> MoveAcmeRegistration(const schema::Schema& target, const MoveRequest& request) {
  if (request.source_type != "acme_registration") return std::nullopt;
  return ToResult(AccountFrom(target, request.source_json), request, target);
}

}  // namespace resources
