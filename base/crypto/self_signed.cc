// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/self_signed.h"

#include <openssl/pem.h>

#include <array>
#include <utility>

#include "base/crypto/openssl_handle.h"
#include "base/text.h"

namespace base::crypto {
namespace {

using ExtensionHandle = Handle<X509_EXTENSION, X509_EXTENSION_free>;
using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;

constexpr std::chrono::minutes kClockSkew{1};
constexpr std::chrono::hours kValidity{365 * 24};

// 127 random bits, positive and not zero (RFC 5280 section 4.1.2.2).
bool SetSerial(X509* certificate, Random& random) {
  std::string bytes = random.Bytes(16);
  bytes[0] = static_cast<char>((bytes[0] & 0x7F) | 0x01);
  const BignumHandle serial(BN_bin2bn(Bytes(std::string_view(bytes)), static_cast<int>(bytes.size()), nullptr));
  return serial && BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetValidity(X509* certificate, TimePoint now) {
  const TimeHandle begin(ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(now - kClockSkew)));
  const TimeHandle end(ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(now + kValidity)));
  return begin && end && X509_set1_notBefore(certificate, begin.get()) == 1 && X509_set1_notAfter(certificate, end.get()) == 1;
}

bool SetName(X509* certificate, std::string_view dns_name) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, Bytes(dns_name), static_cast<int>(dns_name.size()), -1,
                                    0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

bool SetExtensions(X509* certificate, std::string_view dns_name) {
  const std::array<std::pair<int, std::string>, 4> extensions = {{
      {NID_basic_constraints, "critical,CA:TRUE"},
      {NID_key_usage, "critical,digitalSignature,keyAgreement,keyCertSign"},
      {NID_ext_key_usage, "serverAuth,clientAuth"},
      {NID_subject_alt_name, Cat("DNS:", dns_name)},
  }};
  for (const auto& [nid, text] : extensions) {
    const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, text.c_str()));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return false;
  }
  return true;
}

}  // namespace

Result<SelfSigned> MakeSelfSigned(std::string_view dns_name, TimePoint now, Random& random) {
  const QuietErrors quiet;
  const Error failure{ErrorKind::kInternal, "cannot make a certificate"};
  const PkeyHandle key(EVP_EC_gen("P-256"));
  const X509Handle certificate(X509_new());
  if (!key || !certificate) return failure;
  X509* x509 = certificate.get();
  const bool made = X509_set_version(x509, X509_VERSION_3) == 1 && SetSerial(x509, random) && SetValidity(x509, now) &&
                    SetName(x509, dns_name) && SetExtensions(x509, dns_name) && X509_set_pubkey(x509, key.get()) == 1 &&
                    X509_sign(x509, key.get(), EVP_sha256()) > 0;
  if (!made) return failure;

  const BioHandle key_pem(BIO_new(BIO_s_secmem()));
  const BioHandle pem(BIO_new(BIO_s_mem()));
  if (!key_pem || !pem) return failure;
  const bool written = PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
                       PEM_write_bio_X509(pem.get(), x509) == 1;
  if (!written) return failure;
  return SelfSigned{
      .key_pem = Secret(Written(key_pem.get())), .certificate_pem = Written(pem.get()), .certificate_der = Der(x509, i2d_X509)};
}

}  // namespace base::crypto
