// SPDX-License-Identifier: MPL-2.0
#include "tests/support/test_certificate.h"

#include <openssl/pem.h>

#include "base/crypto/csr.h"
#include "base/crypto/key_impl.h"
#include "base/encoding.h"
#include "base/text.h"
#include "tests/support/x509_extension.h"

namespace tests {
namespace {

using base::crypto::Bytes;
using base::crypto::Handle;
using base::crypto::Require;

void SetSubject(X509_NAME* name, const std::string& common_name) {
  if (common_name.empty()) return;
  Require(X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING, Bytes(common_name), -1, -1, 0) == 1);
}

void SetTime(ASN1_TIME* field, base::TimePoint when) {
  Require(ASN1_TIME_set(field, std::chrono::system_clock::to_time_t(when)) != nullptr);
}

base::crypto::X509Handle Parse(const std::string& pem) {
  return base::crypto::X509Handle(PEM_read_bio_X509(base::crypto::Reader(pem).get(), nullptr, nullptr, nullptr));
}

std::string AltNames(const std::vector<std::string>& dns_names) {
  std::vector<std::string> entries;
  for (const std::string& name : dns_names) entries.push_back("DNS:" + name);
  return base::Join(entries, ",");
}

}  // namespace

TestCertificate MakeTestCertificate(const TestCertificateSpec& spec) {
  const auto key = spec.key ? *spec.key : *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);
  const base::crypto::X509Handle x509(X509_new());
  Require(x509 && X509_set_version(x509.get(), X509_VERSION_3) == 1 && X509_set_pubkey(x509.get(), base::crypto::Pkey(key)) == 1);
  ASN1_INTEGER* serial = X509_get_serialNumber(x509.get());
  Require(ASN1_STRING_set(serial, spec.serial.data(), static_cast<int>(spec.serial.size())) == 1);
  serial->type = spec.negative_serial ? V_ASN1_NEG_INTEGER : V_ASN1_INTEGER;
  SetTime(X509_getm_notBefore(x509.get()), spec.not_before);
  SetTime(X509_getm_notAfter(x509.get()), spec.not_after);
  SetSubject(X509_get_subject_name(x509.get()), spec.common_name);
  SetSubject(X509_get_issuer_name(x509.get()), spec.issuer ? spec.issuer->common_name : spec.common_name);
  if (spec.is_ca) AddExtension(x509.get(), x509.get(), NID_basic_constraints, "critical,CA:TRUE");
  if (!spec.key_usage.empty()) AddExtension(x509.get(), x509.get(), NID_key_usage, "critical," + spec.key_usage);
  AddExtension(x509.get(), x509.get(), NID_subject_key_identifier, "hash");
  if (spec.issuer) AddExtension(x509.get(), Parse(spec.issuer->pem).get(), NID_authority_key_identifier, "keyid:always");
  if (!spec.dns_names.empty()) AddExtension(x509.get(), x509.get(), NID_subject_alt_name, AltNames(spec.dns_names));
  if (!spec.issuer_url.empty()) AddExtension(x509.get(), x509.get(), NID_info_access, "caIssuers;URI:" + spec.issuer_url);
  Require(X509_sign(x509.get(), base::crypto::Pkey(spec.issuer ? spec.issuer->key : key), EVP_sha256()) > 0);
  const base::crypto::BioHandle pem(BIO_new(BIO_s_mem()));
  Require(pem && PEM_write_bio_X509(pem.get(), x509.get()) == 1);
  return {key, base::crypto::Written(pem.get()), spec.common_name};
}

std::string MakeTestCsr(const base::crypto::PrivateKey& key, const std::vector<std::string>& dns_names) {
  std::string text = base::Base64(*base::crypto::MakeCsr(key, {.dns_names = dns_names}));
  for (std::size_t at = 64; at < text.size(); at += 65) text.insert(at, 1, '\n');
  return "-----BEGIN CERTIFICATE REQUEST-----\n" + text + "\n-----END CERTIFICATE REQUEST-----\n";
}

}  // namespace tests
