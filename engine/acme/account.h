// SPDX-License-Identifier: MPL-2.0
// ACME accounts (RFC 8555 section 7.3): create, find, update, deactivate, and external account binding (7.3.4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/crypto/key.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/acme/client.h"

namespace engine::acme {

struct Account {
  std::string url;  // the kid
  base::crypto::PrivateKey key;
};

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

// The account's URL; an account that exists already for the key is found (200) as well as made (201).
// Errors: kInvalid (the CA needs EAB and none was given; hmac_key is no base64; the CA refused the contact), kDenied (EAB
// refused).
base::Result<Account> RegisterAccount(const base::Call& call, Client& client, const NewAccount& wanted);
base::Result<void> UpdateContacts(const base::Call& call, Client& client, const Account& account,
                                  const std::vector<std::string>& contacts);
// Success also when the account is deactivated or gone already: kNotFound never comes back.
base::Result<void> DeactivateAccount(const base::Call& call, Client& client, const Account& account);

}  // namespace engine::acme
