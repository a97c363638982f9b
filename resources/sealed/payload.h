// SPDX-License-Identifier: MPL-2.0
// What handles carry: the content of each kind, to and from the sealed bytes. Deterministic: equal content seals to equal
// handles.
#pragma once

#include <optional>
#include <set>
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

// One certificate profile. What its rules and defaults mean is not known here: see resources/issuer.h.
struct ProfilePayload {
  std::string id;
  std::string name;
  std::string rules;     // JSON
  std::string defaults;  // JSON
};

// A CA as certificates use it: with the profiles that its handle passed through, the one next to the CA first. Identity: the CA's
// alone.
struct IssuerPayload {
  CaPayload ca;
  std::vector<ProfilePayload> profiles{};
};

// The kinds of sync that may receive a certificate; empty: any.
using AllowedDestinations = std::optional<std::set<std::string>>;

// Identity: certificate_id.
struct CertificatePayload {
  std::string certificate_id;
  std::string full_chain_pem;
  base::Secret private_key_pem;
  AllowedDestinations destinations{};
};

// What goes into a handle: the same bytes for the same content.
struct Sealable {
  std::string kind;
  std::string facts;
  base::Secret payload;
};
Sealable ToSealable(const CaPayload& ca);
Sealable ToSealable(const CertificatePayload& certificate);

// The facts of a certificate's handle: "<certificate id>.<key algorithm>", then, if a profile restricts them, "." and the kinds
// of sync that may receive it, separated by commas.
std::string CertificateFacts(std::string_view certificate_id, std::string_view key_algorithm,
                             const AllowedDestinations& destinations = {});
// The destinations in such facts.
AllowedDestinations DestinationsInFacts(std::string_view facts);

base::Result<std::string> Seal(const Sealer& sealer, const Sealable& content);
base::Result<std::string> SealConnection(const Sealer& sealer, const engine::connections::Connection& connection);
base::Result<std::string> SealCa(const Sealer& sealer, const CaPayload& ca);
// Of a CA with at least one profile: the handle of the last one.
base::Result<std::string> SealProfile(const Sealer& sealer, const IssuerPayload& issuer);
base::Result<std::string> SealSecrets(const Sealer& sealer, const base::SecretMap& secrets);
base::Result<std::string> SealCertificate(const Sealer& sealer, const CertificatePayload& certificate);

// Errors: as Sealer::Open; kInvalid for content that another version of the provider wrote.
base::Result<engine::connections::Connection> OpenConnection(const Sealer& sealer, std::string_view handle);
// For one that knows what fields the connection has.
base::Result<engine::connections::Connection> OpenConnection(const Sealer& sealer, std::string_view handle,
                                                             std::span<const base::ConfigField> fields);
// The handle of a CA, or of a profile.
base::Result<IssuerPayload> OpenIssuerPayload(const Sealer& sealer, std::string_view handle);
// The CA alone, of the same handles.
base::Result<CaPayload> OpenCa(const Sealer& sealer, std::string_view handle);
base::Result<base::SecretMap> OpenSecrets(const Sealer& sealer, std::string_view sealed);
base::Result<CertificatePayload> OpenCertificate(const Sealer& sealer, std::string_view handle);

// The same content under the present key and in the present format, if `handle` has another one; else `handle` itself.
base::Result<std::string> ResealCertificate(const Sealer& sealer, std::string_view handle);

}  // namespace resources::sealed
