// SPDX-License-Identifier: MPL-2.0
// TrustStore: the certificates that HTTPS servers are verified against: the system's bundle and extra roots, parsed once.
// libcurl alone would parse the bundle again for each connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base::http {

// The roots that HTTPS servers are verified against, in PEM: the file that SSL_CERT_FILE names (at most 4 MiB), else what this
// machine trusts. Empty if there are none or they cannot be read.
std::string ReadTrustBundle();

class TrustStore {
 public:
  struct Impl;

  // A missing bundle is an empty one. Errors: kInvalid (`extra_roots_pem` is neither empty nor certificates), kUnavailable
  // (SSL_CERT_FILE names no readable bundle).
  static Result<TrustStore> Load(std::string_view extra_roots_pem);

  // Sets the roots, TLS 1.2 as the least version, that a server is named by subjectAltName alone, and that no secrets of the
  // connection are logged. `ssl_context`: an OpenSSL SSL_CTX, as libcurl hands it to CURLOPT_SSL_CTX_FUNCTION.
  void ApplyTo(void* ssl_context) const;

 private:
  explicit TrustStore(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;  // shared: a value type over an immovable handle
};

}  // namespace base::http
