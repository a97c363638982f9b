// SPDX-License-Identifier: MPL-2.0
// go-plugin's auto-mTLS: both sides make a certificate for this one session, and each trusts that of the other and no other.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace provider::plugin {

struct ServerIdentity {
  std::shared_ptr<grpc::ServerCredentials> credentials;  // shared, because gRPC holds them so
  std::string certificate_der{};                         // for the handshake; empty without TLS
};

// `client_certificate`: PEM; every call of a client that shows another certificate is refused with UNAUTHENTICATED, even if the
// announced one has signed it. Empty: no TLS, as the host asked for; only the folder of a Unix socket protects it then.
// Errors: kInternal, without any detail of the key.
base::Result<ServerIdentity> MakeServerIdentity(const std::string& client_certificate, const base::Clock& clock,
                                                base::Random& random);

}  // namespace provider::plugin
