// SPDX-License-Identifier: MPL-2.0
// PKCS #12 files (RFC 7292): a certificate, its chain and its key in one.
#pragma once

#include <string_view>
#include <vector>

#include "base/crypto/certificate.h"
#include "base/crypto/key.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::crypto {

// The file's bytes (DER). `chain` is not empty and leaf first; `key` is the leaf's. `friendly_name`: what stores show the entry
// as, such as Java's alias; UTF-8, may be empty. An empty password is one of no characters; what is in the file is encrypted with
// it all the same (AES-256-CBC, PBKDF2 with HMAC-SHA256, MAC of SHA-256), as readers want it. Salted: different bytes at each
// call. Errors: kInvalid when the key is not the leaf's or the password holds a zero byte.
Result<Secret> MakePkcs12(const std::vector<Certificate>& chain, const PrivateKey& key, const Secret& password,
                          std::string_view friendly_name);

// The same with certificates that can be read without the password; the key stays encrypted, and the MAC shows that nothing was
// changed. For files that are looked at where the password is not at hand.
Result<Secret> MakeReadablePkcs12(const std::vector<Certificate>& chain, const PrivateKey& key, const Secret& password,
                                  std::string_view friendly_name);

// The certificates of a file that shows them without its password, the key's own first. Empty when there are none, and for
// anything that is no PKCS #12 file from its first byte to its last.
std::vector<Certificate> ReadPkcs12Certificates(std::string_view der);

struct Pkcs12Content {
  PrivateKey key;
  std::vector<Certificate> chain;  // the key's own first
};

// What is in the file, also in the older ciphers that this OpenSSL has. Errors: kDenied (another password), kInvalid (no such
// file, or no key or certificate in it).
Result<Pkcs12Content> ReadPkcs12(std::string_view der, const Secret& password);

// Whether `password` opens the file and `key` is the key in it.
bool Pkcs12Holds(std::string_view der, const Secret& password, const PrivateKey& key);

}  // namespace base::crypto
