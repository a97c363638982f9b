// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/pkcs12.h"

#include <openssl/pkcs12.h>

#include <string>

#include "base/crypto/key_impl.h"

namespace base::crypto {
namespace {

using FileHandle = Handle<PKCS12, PKCS12_free>;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using StackHandle = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr int kIterations = PKCS12_DEFAULT_ITER;  // of PBKDF2 and of the MAC

X509Handle Decode(const Certificate& certificate) {
  const unsigned char* at = Bytes(certificate.der);
  X509Handle x509(d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size())));
  Require(x509 != nullptr);
  return x509;
}

StackHandle IssuersOf(const std::vector<Certificate>& chain) {
  StackHandle issuers(sk_X509_new_null());
  Require(issuers != nullptr);
  for (std::size_t i = 1; i < chain.size(); ++i) Require(sk_X509_push(issuers.get(), Decode(chain[i]).release()) > 0);
  return issuers;
}

}  // namespace

Result<Secret> MakePkcs12(const std::vector<Certificate>& chain, const PrivateKey& key, const Secret& password,
                          std::string_view friendly_name) {
  const QuietErrors quiet;
  if (key.PublicKeyDer() != chain.front().public_key_der) {
    return Error{ErrorKind::kInvalid, "the private key does not belong to the certificate"};
  }
  const Secret word{std::string(password.Reveal())};  // with a zero byte behind it, as OpenSSL reads it
  if (word.Reveal().find('\0') != std::string_view::npos) {
    return Error{ErrorKind::kInvalid, "the password holds a zero byte"};
  }
  const std::string name(friendly_name);
  const X509Handle leaf = Decode(chain.front());
  const StackHandle issuers = IssuersOf(chain);
  const FileHandle file(PKCS12_create(word.Reveal().data(), name.empty() ? nullptr : name.c_str(), Pkey(key), leaf.get(),
                                      issuers.get(), NID_aes_256_cbc, NID_aes_256_cbc, kIterations, -1, 0));
  const bool made = file && PKCS12_set_mac(file.get(), word.Reveal().data(), -1, nullptr, 0, kIterations, EVP_sha256()) == 1;
  if (!made) return Error{ErrorKind::kInternal, "cannot make a PKCS #12 file"};
  return Secret(Der(file.get(), i2d_PKCS12));
}

}  // namespace base::crypto
