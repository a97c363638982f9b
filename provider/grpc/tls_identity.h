// SPDX-License-Identifier: MPL-2.0
// TlsIdentity: what a server shows to its clients, and the one certificate that clients must show.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/secret.h"

using SSL_CTX = struct ssl_ctx_st;
using X509 = struct x509_st;

namespace provider::grpc {

class TlsIdentity {
 public:
  // All are PEM. `client_certificate`: a client is served when it shows exactly this one and has its key. TLS 1.2 or newer, "h2"
  // by ALPN where the client has ALPN (RFC 7301). Errors: kInternal, with no word of the key.
  static base::Result<TlsIdentity> Make(const std::string& certificate, const base::Secret& key,
                                        const std::string& client_certificate);

  SSL_CTX* context() const { return context_.get(); }

 private:
  TlsIdentity(X509* client, SSL_CTX* context);

  std::unique_ptr<X509, void (*)(X509*)> client_;  // the context refers to it
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
};

}  // namespace provider::grpc
