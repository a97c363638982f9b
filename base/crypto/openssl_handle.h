// SPDX-License-Identifier: MPL-2.0
// OpenSSL's objects as owners, and its error queue kept clean. For sources, not headers.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace base::crypto {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <typename T, auto Free>
using Handle = std::unique_ptr<T, Freed<Free>>;

using BignumHandle = Handle<BIGNUM, BN_free>;
using BioHandle = Handle<BIO, BIO_free_all>;
using CipherHandle = Handle<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContextHandle = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using DigestContextHandle = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using DigestHandle = Handle<EVP_MD, EVP_MD_free>;
using EcdsaSignatureHandle = Handle<ECDSA_SIG, ECDSA_SIG_free>;
using GeneralNamesHandle = Handle<GENERAL_NAMES, GENERAL_NAMES_free>;
using KdfContextHandle = Handle<EVP_KDF_CTX, EVP_KDF_CTX_free>;
using KdfHandle = Handle<EVP_KDF, EVP_KDF_free>;
using MacContextHandle = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using MacHandle = Handle<EVP_MAC, EVP_MAC_free>;
using PkeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using RequestHandle = Handle<X509_REQ, X509_REQ_free>;
using X509Handle = Handle<X509, X509_free>;

// Takes back what the calls of this scope put into the thread's error queue: a stale entry there is taken for a failure of the
// next TLS call (SSL_get_error(3)).
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

// For calls on sound input that fail only when memory is exhausted or the library is broken: there is no safe way on.
inline void Require(bool fine) {
  if (!fine) std::abort();
}

inline const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
inline unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// The DER of an object by its i2d function; empty when it has none.
template <typename T, typename Encode>
std::string Der(T* object, Encode encode) {
  unsigned char* bytes = nullptr;
  const int length = encode(object, &bytes);
  if (length <= 0) return {};
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

// A reader over `text`, which outlives it. At most 2 GiB.
inline BioHandle Reader(std::string_view text) { return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// What was written into a memory BIO.
inline std::string Written(BIO* bio) {
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio, &bytes);
  return length > 0 ? std::string(bytes, static_cast<std::size_t>(length)) : std::string();
}

}  // namespace base::crypto
