// SPDX-License-Identifier: MPL-2.0
// The kind of a public key: the name of its KeyAlgorithm, or a name formed like those for a key of another kind:
// "EC_P256", "RSA_2048", "ED25519", "EC_SECP521R1".
#pragma once

#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace base::crypto {

// "unknown" for null.
std::string KeyType(const evp_pkey_st* key);

// `der`: a SubjectPublicKeyInfo. "unknown" for anything else.
std::string KeyTypeOf(std::string_view der);

}  // namespace base::crypto
