// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/key.h"

#include <openssl/pem.h>

#include <array>
#include <cstddef>

#include "base/crypto/key_impl.h"
#include "base/text.h"

namespace base::crypto {
namespace {

constexpr std::size_t kMaxPem = 65536;  // an RSA key of 4096 bits takes 3.3 KB

struct AlgorithmRow {
  KeyAlgorithm algorithm;
  std::string_view name;
  const char* group;  // of an EC key, as EVP_PKEY_get_group_name gives it
  std::size_t bits;   // of an RSA key
  std::size_t coordinate_bytes;
  std::string_view jws;
};

constexpr std::array<AlgorithmRow, 5> kAlgorithms = {{
    {KeyAlgorithm::kEcP256, "EC_P256", "prime256v1", 0, 32, "ES256"},
    {KeyAlgorithm::kEcP384, "EC_P384", "secp384r1", 0, 48, "ES384"},
    {KeyAlgorithm::kRsa2048, "RSA_2048", nullptr, 2048, 0, "RS256"},
    {KeyAlgorithm::kRsa3072, "RSA_3072", nullptr, 3072, 0, "RS256"},
    {KeyAlgorithm::kRsa4096, "RSA_4096", nullptr, 4096, 0, "RS256"},
}};

const AlgorithmRow& RowOf(KeyAlgorithm algorithm) { return kAlgorithms[static_cast<std::size_t>(algorithm)]; }

std::optional<KeyAlgorithm> AlgorithmOf(const EVP_PKEY* pkey) {
  std::array<char, 64> group{};
  const bool ec = EVP_PKEY_is_a(pkey, "EC") == 1 && EVP_PKEY_get_group_name(pkey, group.data(), group.size(), nullptr) == 1;
  const bool rsa = EVP_PKEY_is_a(pkey, "RSA") == 1;
  for (const AlgorithmRow& row : kAlgorithms) {
    if (ec && row.group && std::string_view(group.data()) == row.group) return row.algorithm;
    if (rsa && !row.group && EVP_PKEY_get_bits(pkey) == static_cast<int>(row.bits)) return row.algorithm;
  }
  return std::nullopt;
}

PrivateKey Wrap(PkeyHandle pkey, KeyAlgorithm algorithm) {
  return PrivateKey(std::make_shared<PrivateKey::Impl>(PrivateKey::Impl{std::move(pkey), algorithm}));
}

// OpenSSL asks here for the pass phrase of an encrypted key; without a callback it would ask at the terminal.
int NotePassphraseWanted(char*, int, int, void* wanted) {
  *static_cast<bool*>(wanted) = true;
  return -1;
}

// An ECDSA signature in DER as fixed-width r||s; empty when it is malformed.
std::string RawSignature(std::string_view der, std::size_t width) {
  const unsigned char* at = Bytes(der);
  const EcdsaSignatureHandle signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::string raw(2 * width, '\0');
  const int each = static_cast<int>(width);
  const bool fine = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), Bytes(raw), each) == each &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), Bytes(raw) + width, each) == each;
  return fine ? raw : std::string();
}

}  // namespace

std::optional<KeyAlgorithm> ParseKeyAlgorithm(std::string_view name) {
  for (const AlgorithmRow& row : kAlgorithms) {
    if (row.name == name) return row.algorithm;
  }
  return std::nullopt;
}

std::string_view NameOf(KeyAlgorithm algorithm) { return RowOf(algorithm).name; }

Secret PrivateKey::ToPem() const {
  const QuietErrors quiet;
  const BioHandle bio(BIO_new(BIO_s_mem()));  // wipes its memory when freed
  Require(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), Pkey(*this), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return Secret(Written(bio.get()));
}

std::string PrivateKey::PublicKeyDer() const {
  const QuietErrors quiet;
  std::string der = Der(Pkey(*this), i2d_PUBKEY);
  Require(!der.empty());
  return der;
}

KeyAlgorithm PrivateKey::algorithm() const { return impl_->algorithm; }

Result<PrivateKey> GenerateKey(KeyAlgorithm algorithm) {
  const QuietErrors quiet;
  const AlgorithmRow& row = RowOf(algorithm);
  PkeyHandle pkey(row.group ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", row.group)
                            : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", row.bits));
  if (!pkey) return Error{ErrorKind::kInternal, Cat("the cryptographic library could not make a key of type ", row.name)};
  return Wrap(std::move(pkey), algorithm);
}

Result<PrivateKey> KeyFromSeed(const Secret& seed) {
  const QuietErrors quiet;
  const Error failure{ErrorKind::kInternal, "no key could be made of the seed"};
  if (seed.Reveal().size() != 32) return failure;
  // ECPrivateKey (RFC 5915) without the public key, which OpenSSL then computes. The group's order has its first bit set, so that
  // a scalar without it is in range.
  std::string der = Cat(std::string_view("\x30\x31\x02\x01\x01\x04\x20", 7), seed.Reveal(),
                        std::string_view("\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 12));
  der[7] = static_cast<char>(der[7] & 0x7f);
  const unsigned char* at = Bytes(std::string_view(der));
  PkeyHandle pkey(d2i_PrivateKey(EVP_PKEY_EC, nullptr, &at, static_cast<long>(der.size())));
  Wipe(der);
  if (!pkey) return failure;
  return Wrap(std::move(pkey), KeyAlgorithm::kEcP256);
}

Result<PrivateKey> ParsePrivateKey(const Secret& pem) {
  const QuietErrors quiet;
  if (pem.Reveal().size() > kMaxPem) return Error{ErrorKind::kInvalid, "the private key is longer than 64 KiB"};
  const BioHandle bio = Reader(pem.Reveal());
  bool encrypted = false;
  PkeyHandle pkey(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, NotePassphraseWanted, &encrypted) : nullptr);
  if (encrypted) return Error{ErrorKind::kInvalid, "the private key is encrypted; give it without a pass phrase"};
  if (!pkey) return Error{ErrorKind::kInvalid, "the text is no private key in PEM (\"-----BEGIN PRIVATE KEY-----\")"};
  const auto algorithm = AlgorithmOf(pkey.get());
  if (!algorithm) {
    return Error{ErrorKind::kInvalid,
                 "the private key is of an unsupported type; use EC P-256 or P-384, or RSA with 2048, 3072 or 4096 bits"};
  }
  return Wrap(std::move(pkey), *algorithm);
}

Result<std::string> SignJws(const PrivateKey& key, std::string_view message) {
  const QuietErrors quiet;
  const Error failure{ErrorKind::kInternal, "the cryptographic library could not sign"};
  const DigestContextHandle context(EVP_MD_CTX_new());
  if (!context || EVP_DigestSignInit_ex(context.get(), nullptr, DigestName(key), nullptr, nullptr, Pkey(key), nullptr) != 1)
    return failure;
  std::size_t length = static_cast<std::size_t>(EVP_PKEY_get_size(Pkey(key)));
  std::string signature(length, '\0');
  if (EVP_DigestSign(context.get(), Bytes(signature), &length, Bytes(message), message.size()) != 1) return failure;
  signature.resize(length);
  const AlgorithmRow& row = RowOf(key.algorithm());
  if (!row.group) return signature;
  std::string raw = RawSignature(signature, row.coordinate_bytes);
  if (raw.empty()) return failure;
  return raw;
}

std::string_view JwsAlgorithm(const PrivateKey& key) { return RowOf(key.algorithm()).jws; }

}  // namespace base::crypto
