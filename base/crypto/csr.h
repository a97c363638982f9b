// SPDX-License-Identifier: MPL-2.0
// Certificate signing requests (PKCS #10, RFC 2986) with DNS names in subjectAltName.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/crypto/key.h"
#include "base/result.h"

namespace base::crypto {

struct CsrRequest {
  std::vector<std::string> dns_names;        // at least one; wildcards allowed
  std::optional<std::string> common_name{};  // empty subject without it, subjectAltName is then critical (RFC 5280 s4.2.1.6)
};

// DER. Errors: kInvalid (no names, a common name over 64 octets: X.520's upper bound), kInternal.
Result<std::string> MakeCsr(const PrivateKey& key, const CsrRequest& request);

}  // namespace base::crypto
