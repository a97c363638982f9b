// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/pkcs12.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <optional>
#include <string>
#include <utility>

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

struct FreeSafes {
  void operator()(STACK_OF(PKCS7) * stack) const { sk_PKCS7_pop_free(stack, PKCS7_free); }
};
struct FreeBags {
  void operator()(STACK_OF(PKCS12_SAFEBAG) * stack) const { sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free); }
};
using SafesHandle = std::unique_ptr<STACK_OF(PKCS7), FreeSafes>;
using BagsHandle = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeBags>;

constexpr int kNotEncrypted = -1;

FileHandle Decode(std::string_view der) {
  const unsigned char* at = Bytes(der);
  FileHandle file(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
  return at == Bytes(der) + der.size() ? std::move(file) : nullptr;
}

// `word` with a zero byte behind it, as OpenSSL reads it; empty when there is one in it.
std::optional<Secret> WithoutZero(const Secret& word) {
  if (word.Reveal().find('\0') != std::string_view::npos) return std::nullopt;
  return Secret(std::string(word.Reveal()));
}

Result<Secret> Make(const std::vector<Certificate>& chain, const PrivateKey& key, const Secret& password,
                    std::string_view friendly_name, int certificate_cipher) {
  const QuietErrors quiet;
  if (key.PublicKeyDer() != chain.front().public_key_der) {
    return Error{ErrorKind::kInvalid, "the private key does not belong to the certificate"};
  }
  const auto word = WithoutZero(password);
  if (!word) return Error{ErrorKind::kInvalid, "the password holds a zero byte"};
  const std::string name(friendly_name);
  const X509Handle leaf = Decode(chain.front());
  const StackHandle issuers = IssuersOf(chain);
  const FileHandle file(PKCS12_create(word->Reveal().data(), name.empty() ? nullptr : name.c_str(), Pkey(key), leaf.get(),
                                      issuers.get(), NID_aes_256_cbc, certificate_cipher, kIterations, -1, 0));
  const bool made = file && PKCS12_set_mac(file.get(), word->Reveal().data(), -1, nullptr, 0, kIterations, EVP_sha256()) == 1;
  if (!made) return Error{ErrorKind::kInternal, "cannot make a PKCS #12 file"};
  return Secret(Der(file.get(), i2d_PKCS12));
}

// Adds what the bag holds, if it is a certificate: the key's own, which has its id, in front of all others.
void AddCertificate(const PKCS12_SAFEBAG* bag, std::vector<Certificate>& certificates) {
  if (PKCS12_SAFEBAG_get_nid(bag) != NID_certBag || PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate) return;
  const X509Handle x509(PKCS12_SAFEBAG_get1_cert(bag));
  const BioHandle pem(BIO_new(BIO_s_mem()));
  if (!x509 || !pem || PEM_write_bio_X509(pem.get(), x509.get()) != 1) return;
  auto parsed = ParseChain(Written(pem.get()));
  if (!parsed) return;
  const bool is_leaf = PKCS12_SAFEBAG_get0_attr(bag, NID_localKeyID) != nullptr;
  certificates.insert(is_leaf ? certificates.begin() : certificates.end(), std::move(parsed->front()));
}

}  // namespace

Result<Secret> MakePkcs12(const std::vector<Certificate>& chain, const PrivateKey& key, const Secret& password,
                          std::string_view friendly_name) {
  return Make(chain, key, password, friendly_name, NID_aes_256_cbc);
}

Result<Secret> MakeReadablePkcs12(const std::vector<Certificate>& chain, const PrivateKey& key, const Secret& password,
                                  std::string_view friendly_name) {
  return Make(chain, key, password, friendly_name, kNotEncrypted);
}

std::vector<Certificate> ReadPkcs12Certificates(std::string_view der) {
  const QuietErrors quiet;
  std::vector<Certificate> certificates;
  const FileHandle file = Decode(der);
  const SafesHandle safes(file ? PKCS12_unpack_authsafes(file.get()) : nullptr);
  for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) {
    PKCS7* safe = sk_PKCS7_value(safes.get(), i);
    if (!PKCS7_type_is_data(safe)) continue;
    const BagsHandle bags(PKCS12_unpack_p7data(safe));
    for (int j = 0; j < sk_PKCS12_SAFEBAG_num(bags.get()); ++j) {
      AddCertificate(sk_PKCS12_SAFEBAG_value(bags.get(), j), certificates);
    }
  }
  return certificates;
}

Result<Pkcs12Content> ReadPkcs12(std::string_view der, const Secret& password) {
  const QuietErrors quiet;
  const FileHandle file = Decode(der);
  if (!file) return Error{ErrorKind::kInvalid, "it is no PKCS #12 file"};
  const auto word = WithoutZero(password);
  EVP_PKEY* key = nullptr;
  X509* leaf = nullptr;
  STACK_OF(X509)* others = nullptr;
  const bool opened = word && PKCS12_parse(file.get(), word->Reveal().data(), &key, &leaf, &others) == 1;
  const PkeyHandle owned_key(key);
  const X509Handle owned_leaf(leaf);
  const StackHandle owned_others(others);
  if (!opened) return Error{ErrorKind::kDenied, "the password does not open the PKCS #12 file, or its cipher is not supported"};
  if (key == nullptr || leaf == nullptr) {
    return Error{ErrorKind::kInvalid, "the PKCS #12 file holds no private key with its certificate"};
  }
  const BioHandle key_pem(BIO_new(BIO_s_mem()));
  const BioHandle chain_pem(BIO_new(BIO_s_mem()));
  Require(key_pem && chain_pem);
  Require(PEM_write_bio_PrivateKey(key_pem.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  Require(PEM_write_bio_X509(chain_pem.get(), leaf) == 1);
  for (int i = 0; i < sk_X509_num(others); ++i) Require(PEM_write_bio_X509(chain_pem.get(), sk_X509_value(others, i)) == 1);
  auto parsed_key = ParsePrivateKey(Secret(Written(key_pem.get())));
  if (!parsed_key) return std::move(parsed_key).error();
  auto chain = ParseChain(Written(chain_pem.get()));
  if (!chain) return std::move(chain).error();
  return Pkcs12Content{*std::move(parsed_key), *std::move(chain)};
}

bool Pkcs12Holds(std::string_view der, const Secret& password, const PrivateKey& key) {
  const QuietErrors quiet;
  const FileHandle file = Decode(der);
  const auto word = WithoutZero(password);
  EVP_PKEY* found = nullptr;
  const bool opened = file && word && PKCS12_parse(file.get(), word->Reveal().data(), &found, nullptr, nullptr) == 1;
  const PkeyHandle owned(found);
  return opened && found != nullptr && EVP_PKEY_eq(found, Pkey(key)) == 1;
}

}  // namespace base::crypto
