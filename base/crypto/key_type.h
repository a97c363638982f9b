// SPDX-License-Identifier: MPL-2.0
// What kind of key a public key is, by the names that KeyAlgorithm has, and names made in the same way for what is none:
// "EC_P256", "RSA_2048", "ED25519", "EC_SECP521R1".
#pragma once

#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace base::crypto {

// "unknown" for null.
std::string KeyType(const evp_pkey_st* key);

// `der`: a SubjectPublicKeyInfo. "unknown" for what is none.
std::string KeyTypeOf(std::string_view der);

}  // namespace base::crypto
