// SPDX-License-Identifier: MPL-2.0
#include "tests/support/test_ca.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/text.h"
#include "tests/support/x509_extension.h"

namespace tests {
namespace {

using KeyPointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using RequestPointer = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;
using BioPointer = std::unique_ptr<BIO, decltype(&BIO_free)>;

KeyPointer NewKey() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

std::string TextOfBio(const BioPointer& bio) {
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(length)};
}

std::string PemOf(X509* certificate) {
  const BioPointer bio(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(bio.get(), certificate);
  return TextOfBio(bio);
}

std::string PemOf(EVP_PKEY* key) {
  const BioPointer bio(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return TextOfBio(bio);
}

X509Pointer Blank(EVP_PKEY* key, const char* common_name, const Validity& validity) {
  X509Pointer certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  unsigned char serial[8] = {};
  RAND_bytes(serial, sizeof serial);
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3F) | 0x40);
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
  BN_free(number);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), std::chrono::system_clock::to_time_t(validity.not_before));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), std::chrono::system_clock::to_time_t(validity.not_after));
  X509_set_pubkey(certificate.get(), key);
  if (common_name != nullptr) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  }
  return certificate;
}

Validity AroundNow() {
  const auto now = std::chrono::system_clock::now();
  return {now - std::chrono::hours(1), now + std::chrono::hours(24)};
}

RequestPointer ParseRequest(std::string_view der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = bytes + der.size();
  RequestPointer request(d2i_X509_REQ(nullptr, &bytes, static_cast<long>(der.size())), &X509_REQ_free);
  if (request == nullptr || bytes != end) return {nullptr, &X509_REQ_free};
  if (X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())) != 1) return {nullptr, &X509_REQ_free};
  return request;
}

std::vector<std::string> AlternativeNames(const X509_REQ* request) {
  std::vector<std::string> names;
  STACK_OF(X509_EXTENSION)* extensions = X509_REQ_get_extensions(const_cast<X509_REQ*>(request));
  auto* alternatives = static_cast<GENERAL_NAMES*>(X509V3_get_d2i(extensions, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives, i);
    if (name->type != GEN_DNS) continue;
    names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                       static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  GENERAL_NAMES_free(alternatives);
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  return names;
}

}  // namespace

TestCa::TestCa() : key_(NewKey().release()), root_(nullptr) {
  using std::chrono::hours;
  const Validity ten_years{std::chrono::system_clock::now() - hours(24 * 365 * 5),
                           std::chrono::system_clock::now() + hours(24 * 365 * 5)};
  X509Pointer root = Blank(key_, "Test Root", ten_years);
  X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
  AddExtension(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(root.get(), root.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(root.get(), root.get(), NID_subject_key_identifier, "hash");
  X509_sign(root.get(), key_, EVP_sha256());
  root_pem_ = PemOf(root.get());
  root_ = root.release();
}

std::string TestCa::RootKeyPem() const { return PemOf(key_); }

TestCa::~TestCa() {
  X509_free(root_);
  EVP_PKEY_free(key_);
}

std::string TestCa::Certify(EVP_PKEY* key, const std::vector<std::string>& names, const Validity& validity) const {
  X509Pointer certificate = Blank(key, nullptr, validity);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(root_));
  std::vector<std::string> alternatives;
  for (const std::string& name : names) {
    alternatives.push_back((name.find_first_not_of("0123456789.") == std::string::npos ? "IP:" : "DNS:") + name);
  }
  AddExtension(certificate.get(), root_, NID_subject_alt_name, "critical," + base::Join(alternatives, ","));
  AddExtension(certificate.get(), root_, NID_authority_key_identifier, "keyid");
  X509_sign(certificate.get(), key_, EVP_sha256());
  return PemOf(certificate.get());
}

KeyAndCertificate TestCa::Make(const std::vector<std::string>& names, const Validity& validity) const {
  const KeyPointer key = NewKey();
  return {PemOf(key.get()), Certify(key.get(), names, validity)};
}

KeyAndCertificate TestCa::MakeServer(const std::vector<std::string>& names) const { return Make(names, AroundNow()); }

std::string TestCa::Sign(std::string_view csr_der, const Validity& validity) const {
  return SignAs(csr_der, ReadCsr(csr_der).names, validity);
}

std::string TestCa::SignAs(std::string_view csr_der, const std::vector<std::string>& names, const Validity& validity) const {
  const RequestPointer request = ParseRequest(csr_der);
  if (request == nullptr) return {};
  return Certify(X509_REQ_get0_pubkey(request.get()), names, validity);
}

CsrContent ReadCsr(std::string_view csr_der) {
  const RequestPointer request = ParseRequest(csr_der);
  if (request == nullptr) return {};
  CsrContent content{AlternativeNames(request.get()), {}};
  char common_name[256] = {};
  if (X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, common_name, sizeof common_name) > 0) {
    content.common_name = common_name;
  }
  return content;
}

}  // namespace tests
