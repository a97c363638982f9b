// SPDX-License-Identifier: MPL-2.0
// Certificate signing requests (PKCS #10, RFC 2986) with DNS names in subjectAltName.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto/key.h"
#include "base/result.h"

namespace base::crypto {

struct CsrRequest {
  std::vector<std::string> dns_names;        // at least one; wildcards allowed
  std::optional<std::string> common_name{};  // empty subject without it, subjectAltName is then critical (RFC 5280 s4.2.1.6)
};

// What a signing request that somebody else made asks for.
struct Csr {
  std::string der;
  std::vector<std::string> dns_names;        // subjectAltName's, lower case, and the common name where it is not among them
  std::optional<std::string> common_name{};  // lower case
  std::string public_key_der;                // SubjectPublicKeyInfo
};

// Reads "-----BEGIN CERTIFICATE REQUEST-----". Errors: kInvalid (no PEM request, something behind it, a signature that does not
// fit its key, a private key instead, no DNS name, names of another kind: a CA of the web would refuse them).
Result<Csr> ParseCsr(std::string_view pem);

// DER. Errors: kInvalid (no names, a common name over 64 octets: X.520's upper bound), kInternal.
Result<std::string> MakeCsr(const PrivateKey& key, const CsrRequest& request);

}  // namespace base::crypto
