// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/account.h"

#include "base/encoding.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/problem.h"
#include "engine/acme/transport.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;

// CAs hand it out as base64url or base64, with or without padding.
base::Result<base::Secret> DecodeMacKey(const base::Secret& text) {
  std::string_view bare = base::Trim(text.Reveal());
  while (bare.ends_with('=')) bare.remove_suffix(1);
  std::string url_safe(bare);
  for (char& c : url_safe) c = c == '+' ? '-' : c == '/' ? '_' : c;
  auto bytes = base::FromBase64Url(url_safe);
  base::Wipe(url_safe);
  if (!bytes || bytes->empty()) return Error{ErrorKind::kInvalid, "the EAB HMAC key is not base64 text", {}, {}, "eab"};
  return base::Secret(*std::move(bytes));
}

base::Result<std::string> Payload(const NewAccount& wanted, const Directory& directory) {
  base::Json payload = {{"contact", wanted.contacts}};
  if (wanted.agree_to_terms) payload["termsOfServiceAgreed"] = true;
  if (wanted.eab) {
    auto mac_key = DecodeMacKey(wanted.eab->hmac_key);
    if (!mac_key) return std::move(mac_key).error();
    auto binding = base::ParseJson(SignBinding(wanted.key, wanted.eab->kid, *mac_key, directory.new_account));
    if (!binding) return std::move(binding).error();
    payload["externalAccountBinding"] = *std::move(binding);
  }
  return base::DumpJson(payload);
}

bool IsGone(const Error& error) {
  // Boulder answers 403, others 401; Pebble's and Boulder's type is "unauthorized" for a deactivated account.
  return error.kind == ErrorKind::kNotFound || IsProblem(error, "unauthorized") || IsProblem(error, "accountDoesNotExist");
}

}  // namespace

base::Result<Account> RegisterAccount(const Call& call, Client& client, const NewAccount& wanted) {
  auto directory = FetchDirectory(call, client);
  if (!directory) return std::move(directory).error();
  if (directory->external_account_required && !wanted.eab) {
    return Error{ErrorKind::kInvalid, "the CA wants an external account binding, and none was given", {}, {}, "eab"};
  }
  auto payload = Payload(wanted, *directory);
  if (!payload) return std::move(payload).error().While("registering the account");
  auto response = SendToDirectory(call, client, {.key = wanted.key}, &Directory::new_account, *payload);
  if (!response) return std::move(response).error().While("registering the account");
  auto url = LocationOf(*response, directory->new_account);
  if (!url) return std::move(url).error().While("registering the account");
  call.log.Info(response->status == 201 ? "account registered" : "account found", {{base::key::kUrl, *url}});
  return Account{*std::move(url), wanted.key};
}

base::Result<void> UpdateContacts(const Call& call, Client& client, const Account& account,
                                  const std::vector<std::string>& contacts) {
  const base::Json payload = {{"contact", contacts}};
  auto response = SendSigned(call, client, {account.key, account.url}, {.url = account.url, .payload = base::DumpJson(payload)});
  if (!response) return std::move(response).error().While("updating the account's contacts");
  return {};
}

base::Result<void> DeactivateAccount(const Call& call, Client& client, const Account& account) {
  auto response =
      SendSigned(call, client, {account.key, account.url}, {.url = account.url, .payload = R"({"status":"deactivated"})"});
  if (response) return {};
  if (!IsGone(response.error())) return std::move(response).error().While("deactivating the account");
  call.log.Warn("the account was deactivated or gone already", {{base::key::kUrl, account.url}});
  return {};
}

}  // namespace engine::acme
