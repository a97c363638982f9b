// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/auto_mtls.h"

#include "base/crypto/self_signed.h"

namespace provider::plugin {

base::Result<ServerIdentity> MakeServerIdentity(const std::string& client_certificate, const base::Clock& clock,
                                                base::Random& random) {
  if (client_certificate.empty()) return ServerIdentity{.credentials = grpc::InsecureServerCredentials()};
  // Go checks the subject alternative name, and nothing else of the name.
  auto own = base::crypto::MakeSelfSigned("localhost", clock.Now(), random);
  if (!own) return std::move(own).error();

  // Terraform works as well when its certificate is never asked for: only tests notice a missing check.
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = client_certificate;
  options.pem_key_cert_pairs.push_back({std::string(own->key_pem.Reveal()), own->certificate_pem});
  return ServerIdentity{.credentials = grpc::SslServerCredentials(options), .certificate_der = std::move(own->certificate_der)};
}

}  // namespace provider::plugin
