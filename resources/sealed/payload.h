// SPDX-License-Identifier: MPL-2.0
// What handles carry: the content of each kind, to and from the sealed bytes. Deterministic: equal content seals to equal
// handles.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/settings.h"
#include "engine/connections/connection.h"
#include "engine/dns/solver_options.h"
#include "resources/sealed/handle.h"

namespace resources::sealed {

// Identity: directory and account URL. The rest may change without making it another CA.
struct CaPayload {
  std::string directory_url;
  std::string account_url;
  std::string trusted_roots_pem;  // empty: the system's roots alone
  base::Secret account_key_pem;
  std::vector<engine::dns::DnsConnection> dns;
  engine::dns::PropagationOptions propagation;
  bool check_caa = true;
  std::string validation{};  // the type of challenge; empty: dns-01
};

// Identity: certificate_id.
struct CertificatePayload {
  std::string certificate_id;
  std::string full_chain_pem;
  base::Secret private_key_pem;
};

// What goes into a handle: the same bytes for the same content.
struct Sealable {
  std::string kind;
  std::string facts;
  base::Secret payload;
};
Sealable ToSealable(const CaPayload& ca);
Sealable ToSealable(const CertificatePayload& certificate);

// The facts of a certificate's handle: "<certificate id>.<key algorithm>".
std::string CertificateFacts(std::string_view certificate_id, std::string_view key_algorithm);

base::Result<std::string> Seal(const Sealer& sealer, const Sealable& content);
base::Result<std::string> SealConnection(const Sealer& sealer, const engine::connections::Connection& connection);
base::Result<std::string> SealCa(const Sealer& sealer, const CaPayload& ca);
base::Result<std::string> SealSecrets(const Sealer& sealer, const base::SecretMap& secrets);
base::Result<std::string> SealCertificate(const Sealer& sealer, const CertificatePayload& certificate);

// Errors: as Sealer::Open; kInvalid for content that another version of the provider wrote.
base::Result<engine::connections::Connection> OpenConnection(const Sealer& sealer, std::string_view handle);
// For one that knows what fields the connection has.
base::Result<engine::connections::Connection> OpenConnection(const Sealer& sealer, std::string_view handle,
                                                             std::span<const base::ConfigField> fields);
base::Result<CaPayload> OpenCa(const Sealer& sealer, std::string_view handle);
base::Result<base::SecretMap> OpenSecrets(const Sealer& sealer, std::string_view sealed);
base::Result<CertificatePayload> OpenCertificate(const Sealer& sealer, std::string_view handle);

// The same content under the present key and in the present format, if `handle` has another one; else `handle` itself.
base::Result<std::string> ResealCertificate(const Sealer& sealer, std::string_view handle);

}  // namespace resources::sealed
