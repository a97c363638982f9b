// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/revoke.h"

#include "base/crypto/certificate.h"
#include "engine/acme/revoke.h"
#include "resources/acme_clients.h"
#include "resources/certificate/private_state.h"
#include "resources/sealed/payload.h"
#include "resources/timeouts.h"

namespace resources::certificate {
namespace {

using engine::acme::Revocation;
using schema::Reader;
using schema::cty::Value;
using sealed::OpenCa;
using sealed::OpenCertificate;
using sealed::Sealer;

constexpr std::chrono::minutes kRevokeLimit{2};

// The account that issued the certificate; empty when its handle cannot be opened any more.
std::optional<engine::acme::Account> AccountOf(const Sealer& sealer, const Reader& prior) {
  const auto handle = prior.SecretText("external_ca");
  const auto ca = OpenCa(sealer, handle ? handle->Reveal() : std::string_view());
  if (!ca) return std::nullopt;
  auto key = base::crypto::ParsePrivateKey(ca->account_key_pem);
  if (!key) return std::nullopt;
  return engine::acme::Account{.url = ca->account_url, .key = *std::move(key)};
}

std::optional<base::crypto::PrivateKey> KeyOf(const Sealer& sealer, const Reader& prior) {
  const auto handle = prior.SecretText("handle");
  const auto opened = OpenCertificate(sealer, handle ? handle->Reveal() : std::string_view());
  if (!opened || opened->private_key_pem.Reveal().empty()) return std::nullopt;
  auto key = base::crypto::ParsePrivateKey(opened->private_key_pem);
  if (!key) return std::nullopt;
  return *std::move(key);
}

base::Result<void> Revoke(const base::Call& call, const Context& context, const Reader& prior, const CertificateMemory& memory,
                          const base::crypto::Certificate& leaf) {
  auto client = context.acme->Get(memory.directory_url, memory.trusted_roots_pem);
  if (!client) return std::move(client).error();
  const auto reason = prior.Text("revocation_reason");
  return engine::acme::RevokeCertificate(call, **client,
                                         Revocation{.certificate_der = leaf.der,
                                                    .reason = reason ? engine::acme::RevocationCode(*reason) : std::nullopt,
                                                    .account = AccountOf(context.sealer, prior),
                                                    .certificate_key = KeyOf(context.sealer, prior)});
}

}  // namespace

bool RevokeOnDestroy(const base::Call& call, const Context& context, const Reader& prior, const ChangeRequest& request,
                     schema::Diagnostics& diagnostics) {
  if (!prior.Flag("revoke_on_destroy").value_or(false)) return true;
  // A replacement is no destroy. Terraform hands its delete the private data of the new object's plan, which has none; with
  // create_before_destroy the new certificate is there already.
  const CertificateMemory memory = ParseCertificateMemory(request.planned_private);
  const auto chain = base::crypto::ParseChain(prior.Text("certificate_pem").value_or(""));
  if (memory.directory_url.empty() || !chain || chain->front().not_after <= call.Now()) return true;
  const auto& leaf = chain->front();
  if (context.issuances->HasAny(memory.directory_url, leaf.dns_names)) return true;
  const auto done = Revoke(WithTimeout(call, prior, "delete", kRevokeLimit), context, prior, memory, leaf);
  if (done) {
    call.log.Info("certificate revoked", {{base::key::kCertificateId, prior.Text("certificate_id").value_or("")}});
    return true;
  }
  diagnostics.Error("The certificate could not be revoked", done.error(),
                    "To destroy it without revoking, apply revoke_on_destroy = false first, or remove the resource with "
                    "`terraform state rm`.",
                    schema::cty::Path::Of("revoke_on_destroy"));
  return false;
}

}  // namespace resources::certificate
