// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/vancluever_migration.h"

#include "base/crypto/key_and_chain.h"
#include "base/json.h"
#include "base/text.h"
#include "resources/certificate/import.h"
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

}  // namespace

std::optional<ImportResult> MoveAcmeCertificate(const schema::Schema& target, const MoveRequest& request) {
  if (request.source_type != "acme_certificate") return std::nullopt;
  return FinishMove(CertificateFrom(request.source_json), request, target);
}

}  // namespace resources::certificate
