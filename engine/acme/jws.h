// SPDX-License-Identifier: MPL-2.0
// Signed request bodies: flattened JWS (RFC 7515 section 7.2.2) as RFC 8555 section 6.2 profiles it.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto/key.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::acme {

class RequestBudget;  // engine/acme/request_budget.h

// Who signs. An empty kid sends the public key itself (newAccount alone).
struct Signer {
  const base::crypto::PrivateKey& key;  // borrowed for the call
  std::string kid{};
  RequestBudget* budget = nullptr;  // borrowed; counts each request. Null: none is counted
};

// The JSON body. `payload`: as it is to be signed; "" for POST-as-GET.
base::Result<std::string> SignBody(const Signer& signer, std::string_view nonce, std::string_view url, std::string_view payload);

// The externalAccountBinding object (section 7.3.4), HS256 over the account's public key. `mac_key`: raw bytes.
std::string SignBinding(const base::crypto::PrivateKey& account_key, std::string_view kid, const base::Secret& mac_key,
                        std::string_view new_account_url);

// The inner JWS of a key change (section 7.3.5), by the new key, without a nonce.
base::Result<std::string> SignKeyChange(const base::crypto::PrivateKey& old_key, const base::crypto::PrivateKey& new_key,
                                        std::string_view account_url, std::string_view key_change_url);

}  // namespace engine::acme
