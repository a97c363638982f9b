// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/vancluever_migration.h"

#include <set>

#include "base/crypto/key_and_chain.h"
#include "base/json.h"
#include "base/text.h"
#include "resources/certificate/import.h"
#include "resources/certificate/lego_providers.h"
#include "resources/configure.h"
#include "resources/deferred_sealing.h"

namespace resources::certificate {
namespace {

using base::Cat;
using base::Result;

// Null and "" are the same to that provider.
std::string TextOf(const base::Json& state, std::string_view name) { return base::FindString(state, name).value_or(""); }

Result<Stored> CertificateFrom(const std::string& json) {
  const auto state = base::ParseJsonObject(json);
  if (!state) return state.error();
  // Without a private key it was ordered with a signing request.
  base::Secret key(TextOf(*state, "private_key_pem"));
  if (key.empty()) key = base::Secret(TextOf(*state, "certificate_request_pem"));
  const base::Secret all(Cat(key.Reveal(), '\n', TextOf(*state, "certificate_pem"), '\n', TextOf(*state, "issuer_pem"), '\n'));
  const auto found = base::crypto::ParseKeyAndChain(all);
  if (!found) return found.error();
  return AdoptCertificate(SealerFromEnvironment(), *found);
}

// The names of its DNS providers, once each.
std::set<std::string> FindDnsProviders(const std::string& json) {
  std::set<std::string> names;
  const auto state = base::ParseJsonObject(json);
  const base::Json* challenges = state ? base::FindMember(*state, "dns_challenge") : nullptr;
  if (challenges == nullptr || !challenges->is_array()) return names;
  for (const base::Json& one : *challenges) names.insert(TextOf(one, "provider"));
  names.erase("");
  return names;
}

void WarnOfDnsChallenge(const std::string& json, schema::Diagnostics& diagnostics) {
  for (const std::string& name : FindDnsProviders(json)) {
    diagnostics.Warning(
        "The DNS challenge is not moved",
        Cat("A moved block takes over the certificate, but not how its names are validated. In place of `dns_challenge` "
            "with the provider `",
            base::Printable(name, 60), "`, use ", DescribeReplacement(name),
            ". List the connection in `dns` of the CA. See the guide \"Moving from vancluever/acme\"."));
  }
}

}  // namespace

std::optional<ImportResult> MoveAcmeCertificate(const schema::Schema& target, const MoveRequest& request) {
  if (request.source_type != "acme_certificate") return std::nullopt;
  ImportResult result = FinishMove(CertificateFrom(request.source_json), request, target);
  if (!result.diagnostics.HasErrors()) WarnOfDnsChallenge(request.source_json, result.diagnostics);
  return result;
}

}  // namespace resources::certificate
