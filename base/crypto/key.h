// SPDX-License-Identifier: MPL-2.0
// Private keys: made, read from PEM, written to PEM, used to sign. OpenSSL stays behind it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace base::crypto {

enum class KeyAlgorithm { kEcP256, kEcP384, kRsa2048, kRsa3072, kRsa4096 };

// "EC_P256", "EC_P384", "RSA_2048", "RSA_3072", "RSA_4096"; empty when it is none of them.
std::optional<KeyAlgorithm> ParseKeyAlgorithm(std::string_view name);
std::string_view NameOf(KeyAlgorithm algorithm);

// Immutable, cheap to copy (shares the key), safe from many threads.
class PrivateKey {
 public:
  struct Impl;
  explicit PrivateKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

  // PKCS #8 (RFC 5208), "-----BEGIN PRIVATE KEY-----".
  Secret ToPem() const;
  // DER SubjectPublicKeyInfo: two keys are the same key when it is equal.
  std::string PublicKeyDer() const;
  KeyAlgorithm algorithm() const;
  const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;  // shared: a key is used by many calls at once and never changes
};

// Takes up to seconds for RSA. Errors: kInternal.
Result<PrivateKey> GenerateKey(KeyAlgorithm algorithm);
// The P-256 key of 32 secret bytes, which serve as its scalar but for their first bit: the same key for the same bytes.
// Errors: kInternal.
Result<PrivateKey> KeyFromSeed(const Secret& seed);
// PKCS #8, PKCS #1 or SEC 1; unencrypted. Errors: kInvalid (not a key, encrypted, or of an algorithm that is not listed above).
Result<PrivateKey> ParsePrivateKey(const Secret& pem);

// The signature in JWS form: ES256/ES384 as raw r||s (RFC 7518 section 3.4), RS256 as PKCS #1 v1.5 over SHA-256.
Result<std::string> SignJws(const PrivateKey& key, std::string_view message);
// "ES256", "ES384" or "RS256".
std::string_view JwsAlgorithm(const PrivateKey& key);

}  // namespace base::crypto
