// SPDX-License-Identifier: MPL-2.0
// A certificate authority for tests, over OpenSSL alone: it judges what the program makes, so it shares no code with it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

using EVP_PKEY = struct evp_pkey_st;
using X509 = struct x509_st;

namespace tests {

struct KeyAndCertificate {
  std::string key_pem;
  std::string certificate_pem;
};

struct Validity {
  base::TimePoint not_before;
  base::TimePoint not_after;
};

class TestCa {
 public:
  TestCa();
  TestCa(const TestCa&) = delete;
  TestCa& operator=(const TestCa&) = delete;
  ~TestCa();

  const std::string& root_pem() const { return root_pem_; }
  // In PKCS#8, for cross-signatures.
  std::string RootKeyPem() const;
  // A server certificate with a fresh P-256 key, valid around the machine's time.
  KeyAndCertificate MakeServer(const std::vector<std::string>& names) const;
  // A certificate for the key and names of a CSR in DER; empty when the CSR is malformed or its signature is wrong.
  std::string Sign(std::string_view csr_der, const Validity& validity) const;
  // For the key of the CSR, but for these names.
  std::string SignAs(std::string_view csr_der, const std::vector<std::string>& names, const Validity& validity) const;
  // A certificate for a fresh key.
  KeyAndCertificate Make(const std::vector<std::string>& names, const Validity& validity) const;

 private:
  std::string Certify(EVP_PKEY* key, const std::vector<std::string>& names, const Validity& validity) const;

  EVP_PKEY* key_;
  X509* root_;
  std::string root_pem_;
};

struct CsrContent {
  std::vector<std::string> names;  // subjectAltName's, as written
  std::string common_name;         // empty when there is none
};
// Empty names when the CSR is malformed or its signature is wrong.
CsrContent ReadCsr(std::string_view csr_der);

}  // namespace tests
