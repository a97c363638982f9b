// SPDX-License-Identifier: MPL-2.0
// ACME accounts (RFC 8555 section 7.3): create, find, update, deactivate, external account binding (7.3.4), other keys (7.3.5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/crypto/key.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/acme/client.h"
#include "engine/acme/jws.h"
#include "engine/acme/validation.h"

namespace engine::acme {

struct Account {
  std::string url;  // the kid
  base::crypto::PrivateKey key;
  ValidationMethod validation = ValidationMethod::kDns01;  // by which its orders prove control of names
  RequestBudget* budget = nullptr;                         // of the order that its requests are for; borrowed; null: of none
};

inline Signer SignerOf(const Account& account) { return {account.key, account.url, account.budget}; }

struct ExternalAccountBinding {
  std::string kid;
  base::Secret hmac_key;  // as the CA gave it: base64url, or standard base64
};

struct NewAccount {
  base::crypto::PrivateKey key;
  std::vector<std::string> contacts{};  // "mailto:ops@example.test"; [] is sent as an empty list
  std::optional<ExternalAccountBinding> eab{};
  bool agree_to_terms = true;
};

// The raw MAC key. CAs hand it out as base64url or base64, with or without padding. Errors: kInvalid, which
// blames the CA's "eab".
base::Result<base::Secret> DecodeMacKey(const base::Secret& text);

// The account's URL; an account that exists already for the key is found (200) as well as made (201). A binding is sent once:
// many CAs take each one once, so that after a lost answer the account is looked for instead. Errors: kInvalid (the CA needs EAB
// and none was given; hmac_key is no base64; the CA refused the contact), kDenied (EAB refused).
base::Result<Account> RegisterAccount(const base::Call& call, Client& client, const NewAccount& wanted);
// The account that exists for the key; makes none. Errors: IsAccountGone.
base::Result<Account> FindAccount(const base::Call& call, Client& client, const base::crypto::PrivateKey& key);
// What the CA says of an account, in one request.
struct AccountFacts {
  std::string status;                 // "valid", "deactivated" or "revoked" (RFC 8555 section 7.1.2)
  std::vector<std::string> contacts;  // empty too where the CA does not tell them: Let's Encrypt keeps none
};
// Errors: IsAccountGone.
base::Result<AccountFacts> FetchAccount(const base::Call& call, Client& client, const Account& account);
base::Result<void> UpdateContacts(const base::Call& call, Client& client, const Account& account,
                                  const std::vector<std::string>& contacts);
// Success also when the account is deactivated or gone already: kNotFound never comes back.
base::Result<void> DeactivateAccount(const base::Call& call, Client& client, const Account& account);

// kNotOffered: the directory has no keyChange, and the account keeps its key.
enum class KeyChange { kDone, kNotOffered };
// From now on the account has this key. kDone also if it had the key already, because an answer was lost or an earlier run was
// killed. Errors: IsAccountGone.
base::Result<KeyChange> ChangeKey(const base::Call& call, Client& client, const Account& account,
                                  const base::crypto::PrivateKey& new_key);

// True when an error of an account's own request says that it was deactivated or does not exist.
bool IsAccountGone(const base::Error& error);

}  // namespace engine::acme
