// SPDX-License-Identifier: MPL-2.0
// Revoking a certificate (RFC 8555 section 7.6), by the account that ordered it or by the certificate's own key.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/crypto/key.h"
#include "base/result.h"
#include "engine/acme/account.h"
#include "engine/acme/client.h"

namespace engine::acme {

// The names of RFC 5280 section 5.3.1 that CAs take from subscribers, in the order of their codes.
std::vector<std::string> RevocationReasons();
// Of any name of that section.
std::optional<int> RevocationCode(std::string_view reason);

struct Revocation {
  std::string certificate_der;
  std::optional<int> reason{};  // a code of RFC 5280; CAs take 0, 1, 3, 4 and 5 at least
  // Who signs: for keyCompromise the certificate's key, which proves it and has the CA refuse the key from then on; else the
  // account, or the certificate's key where there is none or the CA does not let it (deactivated, gone, another's).
  std::optional<Account> account{};
  std::optional<base::crypto::PrivateKey> certificate_key{};
};

// A certificate that is revoked already is success. Errors: kInvalid (badRevocationReason; nobody to sign; the CA revokes none
// through ACME), and others as the CA says: the account's refusal when the key's fails too.
base::Result<void> RevokeCertificate(const base::Call& call, Client& client, const Revocation& wanted);

}  // namespace engine::acme
