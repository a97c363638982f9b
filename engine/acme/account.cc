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

base::Result<Account> AccountOf(const base::Result<base::http::Response>& response, const Directory& directory,
                                const base::crypto::PrivateKey& key) {
  if (!response) return response.error();
  auto url = LocationOf(*response, directory.new_account);
  if (!url) return std::move(url).error();
  return Account{*std::move(url), key};
}

// Nobody knows whether the CA acted: the request is lost, or the answer.
bool IsInDoubt(const Error& error) { return error.kind == ErrorKind::kUnavailable; }

}  // namespace

bool IsAccountGone(const Error& error) {
  // Boulder answers 403, others 401; Pebble's and Boulder's type is "unauthorized" for a deactivated account.
  return error.kind == ErrorKind::kNotFound || IsProblem(error, "unauthorized") || IsProblem(error, "accountDoesNotExist");
}

base::Result<base::Secret> DecodeMacKey(const base::Secret& text) {
  std::string_view bare = base::Trim(text.Reveal());
  while (bare.ends_with('=')) bare.remove_suffix(1);
  std::string url_safe(bare);
  for (char& c : url_safe) c = c == '+' ? '-' : c == '/' ? '_' : c;
  auto bytes = base::FromBase64Url(url_safe);
  base::Wipe(url_safe);
  if (!bytes || bytes->empty())
    return Error{.kind = ErrorKind::kInvalid, .message = "the EAB HMAC key is not base64 text", .blame = {kCaSubject, "eab"}};
  return base::Secret(*std::move(bytes));
}

base::Result<Account> RegisterAccount(const Call& call, Client& client, const NewAccount& wanted) {
  auto directory = FetchDirectory(call, client);
  if (!directory) return std::move(directory).error();
  if (directory->external_account_required && !wanted.eab) {
    return Error{.kind = ErrorKind::kInvalid,
                 .message = "the CA wants an external account binding, and none was given",
                 .blame = {kCaSubject, "eab"}};
  }
  auto payload = Payload(wanted, *directory);
  if (!payload) return std::move(payload).error().While("registering the account");
  const auto idempotency = wanted.eab ? base::http::Idempotency::kOnce : base::http::Idempotency::kSafe;
  const auto response = SendToDirectory(call, client, {.key = wanted.key}, &Directory::new_account, *payload, idempotency);
  auto account = AccountOf(response, *directory, wanted.key);
  if (!account && wanted.eab && IsInDoubt(account.error())) {
    if (auto found = FindAccount(call, client, wanted.key)) account = *std::move(found);
  }
  if (!account) return std::move(account).error().While("registering the account");
  const bool made = response && response->status == 201;
  call.log.Info(made ? "account registered" : "account found", {{base::key::kUrl, account->url}});
  return account;
}

base::Result<Account> FindAccount(const Call& call, Client& client, const base::crypto::PrivateKey& key) {
  auto directory = FetchDirectory(call, client);
  if (!directory) return std::move(directory).error();
  auto account = AccountOf(SendToDirectory(call, client, {.key = key}, &Directory::new_account, R"({"onlyReturnExisting":true})"),
                           *directory, key);
  if (!account) return std::move(account).error().While("looking for the account of the key");
  return account;
}

base::Result<AccountFacts> FetchAccount(const Call& call, Client& client, const Account& account) {
  const auto response = Get(call, client, {account.key, account.url}, account.url);
  auto json = response ? base::ParseJsonObject(response->body) : base::Result<base::Json>(response.error());
  if (!json) return std::move(json).error().While("looking at the account");
  return AccountFacts{.status = base::FindString(*json, "status").value_or(""), .contacts = base::FindStrings(*json, "contact")};
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
  if (!IsAccountGone(response.error())) return std::move(response).error().While("deactivating the account");
  call.log.Warn("the account was deactivated or gone already", {{base::key::kUrl, account.url}});
  return {};
}

base::Result<KeyChange> ChangeKey(const Call& call, Client& client, const Account& account,
                                  const base::crypto::PrivateKey& new_key) {
  const auto directory = FetchDirectory(call, client);
  if (!directory) return directory.error();
  if (directory->key_change.empty()) return KeyChange::kNotOffered;
  auto inner = SignKeyChange(account.key, new_key, account.url, directory->key_change);
  if (!inner) return std::move(inner).error().While("changing the account's key");
  auto response = SendSigned(call, client, {account.key, account.url}, {.url = directory->key_change, .payload = *inner});
  if (response) return KeyChange::kDone;
  // The old key is refused once the new one is in force.
  const auto found = FindAccount(call, client, new_key);
  if (found && found->url == account.url) return KeyChange::kDone;
  return std::move(response).error().While("changing the account's key");
}

}  // namespace engine::acme
