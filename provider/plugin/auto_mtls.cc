// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/auto_mtls.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_metadata_processor.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/crypto/certificate.h"
#include "base/crypto/self_signed.h"
#include "base/encoding.h"

namespace provider::plugin {
namespace {

// The bytes of the PEM block that OpenSSL writes for a certificate; empty if `pem` is anything else. ParseChain would also decode
// the certificate, which is too slow for every call.
std::string DerOf(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----\n";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----\n";
  if (!pem.starts_with(kBegin) || !pem.ends_with(kEnd)) return {};
  std::string base64(pem.substr(kBegin.size(), pem.size() - kBegin.size() - kEnd.size()));
  std::erase(base64, '\n');
  return base::FromBase64(base64).value_or(std::string());
}

// TLS accepts every certificate that the announced one has signed: it is a CA. Only the announced one itself is the host's. The
// peer's identity by gRPC's own rule is the subject alternative name, which is "localhost" for every host.
class HostCertificateCheck final : public grpc::AuthMetadataProcessor {
 public:
  explicit HostCertificateCheck(std::string host_der) : host_der_(std::move(host_der)) {}

  bool IsBlocking() const override { return false; }

  grpc::Status Process(const InputMetadata&, grpc::AuthContext* context, OutputMetadata*, OutputMetadata*) override {
    const auto shown = context->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (shown.size() == 1 && DerOf({shown.front().data(), shown.front().size()}) == host_der_) return grpc::Status::OK;
    return {grpc::StatusCode::UNAUTHENTICATED, "the client's certificate is not the one that the host announced"};
  }

 private:
  const std::string host_der_;
};

}  // namespace

base::Result<ServerIdentity> MakeServerIdentity(const std::string& client_certificate, const base::Clock& clock,
                                                base::Random& random) {
  if (client_certificate.empty()) return ServerIdentity{.credentials = grpc::InsecureServerCredentials()};
  auto host = base::crypto::ParseChain(client_certificate);
  if (!host) return base::Error{base::ErrorKind::kInternal, "the host's certificate cannot be read"};
  // Go checks the subject alternative name, and nothing else of the name.
  auto own = base::crypto::MakeSelfSigned("localhost", clock.Now(), random);
  if (!own) return std::move(own).error();

  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = host->front().pem;
  options.pem_key_cert_pairs.push_back({std::string(own->key_pem.Reveal()), own->certificate_pem});
  auto credentials = grpc::SslServerCredentials(options);
  credentials->SetAuthMetadataProcessor(std::make_shared<HostCertificateCheck>(host->front().der));
  return ServerIdentity{.credentials = std::move(credentials), .certificate_der = std::move(own->certificate_der)};
}

}  // namespace provider::plugin
