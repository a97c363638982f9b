// SPDX-License-Identifier: MPL-2.0
// X.509 certificates (RFC 5280): what this program reads from one, and chains in PEM (RFC 8555 section 9.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/crypto/key.h"
#include "base/result.h"

namespace base::crypto {

struct Certificate {
  std::string pem;  // one block, ends with a newline
  std::string der;
  std::string subject;              // RFC 2253 text; empty when it names nothing
  std::string subject_common_name;  // empty when there is none
  std::string issuer;               // RFC 2253 text: "CN=Pebble Intermediate CA 1b2c3d"
  std::string issuer_common_name;
  std::vector<std::string> dns_names;  // subjectAltName's dNSNames, lower case, as ordered in the certificate
  std::string serial_number;           // lower-case hex of the DER content octets: a leading 00 is kept
  TimePoint not_before{};
  TimePoint not_after{};
  std::string fingerprint_sha256;  // lower-case hex of SHA-256 over the DER
  std::string public_key_der;      // SubjectPublicKeyInfo
  std::string key_type;            // "EC_P256", "RSA_2048", "ED25519"; "RSA_1024" or "EC_SECP521R1" where it is no KeyAlgorithm
  std::string authority_key_id;    // raw bytes of keyIdentifier; empty when there is none
  bool is_ca = false;
  bool is_self_issued = false;  // subject equals issuer
};

// A chain in PEM, leaf first. Errors: kInvalid (no certificate, another PEM type, no X.509, a name outside ASCII, cut off, over
// 1 MiB or over 20 certificates). White space and explanatory text between blocks are allowed (RFC 7468).
Result<std::vector<Certificate>> ParseChain(std::string_view pem);

}  // namespace base::crypto
