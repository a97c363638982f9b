// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>

#include "base/crypto/openssl_handle.h"

namespace base::crypto {
namespace {

constexpr std::array<const char*, 4> kNames = {"SHA1", "SHA256", "SHA384", "SHA512"};

const char* NameOf(Hash hash) { return kNames[static_cast<std::size_t>(hash)]; }

// Fetched once: a fetch costs more than a short digest, and nothing may be fetched before main.
const EVP_MD* MethodOf(Hash hash) {
  static const std::array<DigestHandle, 4> methods = [] {
    std::array<DigestHandle, 4> fetched;
    for (std::size_t i = 0; i < fetched.size(); ++i) fetched[i].reset(EVP_MD_fetch(nullptr, kNames[i], nullptr));
    return fetched;
  }();
  return methods[static_cast<std::size_t>(hash)].get();
}

EVP_MAC* HmacMethod() {
  static const MacHandle method(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  return method.get();
}

EVP_KDF* HkdfMethod() {
  static const KdfHandle method(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  return method.get();
}

// OSSL_PARAM has no const: what is passed is only read.
OSSL_PARAM TextParam(const char* name, const char* text) {
  return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(text), 0);
}
OSSL_PARAM BytesParam(const char* name, std::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace

std::string Digest(Hash hash, std::string_view bytes) {
  const QuietErrors quiet;
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  Require(EVP_Digest(bytes.data(), bytes.size(), Bytes(digest), &length, MethodOf(hash), nullptr) == 1);
  digest.resize(length);
  return digest;
}

std::string Sha256(std::string_view bytes) { return Digest(Hash::kSha256, bytes); }

std::string Hmac(Hash hash, const Secret& key, std::string_view message) {
  const QuietErrors quiet;
  const MacContextHandle context(EVP_MAC_CTX_new(HmacMethod()));
  const std::array params = {TextParam(OSSL_MAC_PARAM_DIGEST, NameOf(hash)), OSSL_PARAM_construct_end()};
  std::string code(EVP_MAX_MD_SIZE, '\0');
  std::size_t length = 0;
  Require(context && EVP_MAC_init(context.get(), Bytes(key.Reveal()), key.Reveal().size(), params.data()) == 1);
  Require(EVP_MAC_update(context.get(), Bytes(message), message.size()) == 1);
  Require(EVP_MAC_final(context.get(), Bytes(code), &length, code.size()) == 1);
  code.resize(length);
  return code;
}

Secret HkdfSha256(const Secret& key, std::string_view salt, std::string_view info, std::size_t length) {
  const QuietErrors quiet;
  const KdfContextHandle context(EVP_KDF_CTX_new(HkdfMethod()));
  const std::array params = {TextParam(OSSL_KDF_PARAM_DIGEST, "SHA256"), BytesParam(OSSL_KDF_PARAM_KEY, key.Reveal()),
                             BytesParam(OSSL_KDF_PARAM_SALT, salt), BytesParam(OSSL_KDF_PARAM_INFO, info),
                             OSSL_PARAM_construct_end()};
  std::string derived(length, '\0');
  Require(context && EVP_KDF_derive(context.get(), Bytes(derived), length, params.data()) == 1);
  return Secret(std::move(derived));
}

}  // namespace base::crypto
