// SPDX-License-Identifier: MPL-2.0
// go-plugin's auto-mTLS: both sides make a certificate for this one session, and each trusts that of the other and no other.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "provider/grpc/tls_identity.h"

namespace provider::plugin {

struct ServerIdentity {
  std::optional<grpc::TlsIdentity> tls{};  // empty: in clear
  std::string certificate_der{};           // for the handshake; empty without TLS
};

// `client_certificate`: PEM; clients must show exactly that one. Empty: no TLS (the host said so; the socket's folder is all that
// guards it). Errors: kInternal.
base::Result<ServerIdentity> MakeServerIdentity(const std::string& client_certificate, const base::Clock& clock,
                                                base::Random& random);

}  // namespace provider::plugin
