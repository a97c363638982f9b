// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/auto_mtls.h"

#include "base/crypto/self_signed.h"

namespace provider::plugin {

base::Result<ServerIdentity> MakeServerIdentity(const std::string& client_certificate, const base::Clock& clock,
                                                base::Random& random) {
  if (client_certificate.empty()) return ServerIdentity{};
  // Go checks the subject alternative name, and nothing else of the name.
  auto own = base::crypto::MakeSelfSigned("localhost", clock.Now(), random);
  if (!own) return std::move(own).error();
  // Terraform works as well when its certificate is never asked for: only tests notice a missing check.
  auto identity = grpc::TlsIdentity::Make(own->certificate_pem, own->key_pem, client_certificate);
  if (!identity) return std::move(identity).error();
  return ServerIdentity{.tls = *std::move(identity), .certificate_der = std::move(own->certificate_der)};
}

}  // namespace provider::plugin
