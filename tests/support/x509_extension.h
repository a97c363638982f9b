// SPDX-License-Identifier: MPL-2.0
#pragma once

#include <openssl/x509.h>

#include <string>

namespace tests {

// `value` as in openssl's configuration: "critical,CA:TRUE" (x509v3_config(5)). Ends the process if OpenSSL cannot read it.
void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value);

}  // namespace tests
