// SPDX-License-Identifier: MPL-2.0
// Certificates made on the spot, for tests that need real ones.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/crypto/key.h"

namespace tests {

struct TestCertificate {
  base::crypto::PrivateKey key;
  std::string pem;          // this certificate alone
  std::string common_name;  // of its subject
};

struct TestCertificateSpec {
  std::string common_name{};             // empty: no subject
  std::vector<std::string> dns_names{};  // empty: no subjectAltName
  std::string serial = "\x01";           // magnitude, big-endian
  bool negative_serial = false;
  base::TimePoint not_before{std::chrono::seconds(1'767'000'000)};
  base::TimePoint not_after{std::chrono::seconds(1'774'776'000)};
  bool is_ca = false;
  std::string key_usage{};                        // "digitalSignature,keyEncipherment"; empty: no such extension
  std::string issuer_url{};                       // of the authority information access; empty: none
  const TestCertificate* issuer = nullptr;        // null: self-signed
  std::optional<base::crypto::PrivateKey> key{};  // empty: a new P-256 key
};

TestCertificate MakeTestCertificate(const TestCertificateSpec& spec);

// A signing request in PEM.
std::string MakeTestCsr(const base::crypto::PrivateKey& key, const std::vector<std::string>& dns_names);

}  // namespace tests
