// SPDX-License-Identifier: MPL-2.0
// JSON Web Keys: the public half of a key (RFC 7517) and its thumbprint (RFC 7638).
#pragma once

#include <string>

#include "base/crypto/key.h"

namespace base::crypto {

// Compact JSON with the required members in lexicographic order, which is also the thumbprint's input.
std::string PublicJwk(const PrivateKey& key);
// base64url(SHA-256(PublicJwk)).
std::string JwkThumbprint(const PrivateKey& key);

}  // namespace base::crypto
