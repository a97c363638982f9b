// SPDX-License-Identifier: MPL-2.0
// The receiving side of JWS (RFC 7515, RFC 7518), over OpenSSL alone: it judges what the program signs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

using EVP_PKEY = struct evp_pkey_st;

namespace tests {

using PublicKey = std::shared_ptr<EVP_PKEY>;

// Null when the JWK is malformed, or its point is not on the curve.
PublicKey KeyFromJwk(const base::Json& jwk);
// base64url(SHA-256(canonical JWK)), RFC 7638.
std::string Thumbprint(const base::Json& jwk);
// ES256, ES384 (raw r||s) and RS256. False also when the algorithm does not fit the key.
bool Verify(std::string_view algorithm, const PublicKey& key, std::string_view message, std::string_view signature);
// HMAC with SHA-256.
std::string HmacSha256(std::string_view key, std::string_view message);
std::string Sha256Base64Url(std::string_view bytes);

}  // namespace tests
