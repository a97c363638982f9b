// SPDX-License-Identifier: MPL-2.0
// Who issued a certificate: the way from a chain up to its root (RFC 5280 sections 4.2.1.1 and 4.2.2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto/certificate.h"
#include "base/result.h"

namespace base::crypto {

// True when the names and key identifiers fit and `issuer`'s key made the signature. Dates are not looked at.
bool IsIssuedBy(const Certificate& certificate, const Certificate& issuer);

// The first certificate of `bundle_pem`, any number of them in PEM, that issued `certificate`; empty when none did. What is no
// certificate is passed over.
std::optional<Certificate> FindIssuer(const Certificate& certificate, std::string_view bundle_pem);

// Where the certificate says that its issuer can be fetched: the http URLs of its authority information access. Empty: nowhere.
std::vector<std::string> IssuerUrls(const Certificate& certificate);

// One certificate as such a URL serves it: DER, or PEM. Errors: kInvalid.
Result<Certificate> ParseServedCertificate(std::string_view bytes);

}  // namespace base::crypto
