// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/revoke.h"

#include "base/crypto/certificate.h"
#include "engine/acme/revoke.h"
#include "resources/acme_clients.h"
#include "resources/certificate/private_state.h"
#include "resources/sealed/payload.h"

namespace resources::certificate {
namespace {

using engine::acme::Revocation;
using sealed::OpenCa;
using sealed::OpenCertificate;
using sealed::Sealer;

constexpr std::chrono::minutes kRevokeLimit{2};

// The account that issued the certificate; empty if its key cannot be read.
std::optional<engine::acme::Account> AccountOf(const sealed::CaPayload& ca) {
  auto key = base::crypto::ParsePrivateKey(ca.account_key_pem);
  if (!key) return std::nullopt;
  return engine::acme::Account{.url = ca.account_url, .key = *std::move(key)};
}

std::optional<base::crypto::PrivateKey> KeyOf(const Sealer& sealer, const CertificateModel& prior) {
  const auto opened = OpenCertificate(sealer, prior.handle.OrEmpty().Reveal());
  if (!opened || opened->private_key_pem.Reveal().empty()) return std::nullopt;
  auto key = base::crypto::ParsePrivateKey(opened->private_key_pem);
  if (!key) return std::nullopt;
  return *std::move(key);
}

base::Result<void> Revoke(const base::Call& call, const Context& context, const CertificateModel& prior,
                          const sealed::CaPayload& ca, const base::crypto::Certificate& leaf) {
  auto client = context.acme->Get(ca.directory_url, ca.trusted_roots_pem);
  if (!client) return std::move(client).error();
  const auto reason = prior.revocation_reason.Get();
  return engine::acme::RevokeCertificate(call, **client,
                                         Revocation{.certificate_der = leaf.der,
                                                    .reason = reason ? engine::acme::RevocationCode(*reason) : std::nullopt,
                                                    .account = AccountOf(ca),
                                                    .certificate_key = KeyOf(context.sealer, prior)});
}

}  // namespace

bool RevokeOnDestroy(const base::Call& call, const Context& context, const CertificateModel& prior, const ChangeRequest& request,
                     schema::Diagnostics& diagnostics) {
  if (!prior.revoke_on_destroy.OrEmpty()) return true;
  const PrivateState memory = ReadPrivateState(context, prior, request.planned_private);
  // A replacement is no destroy. With create_before_destroy, the new certificate is there already.
  if (memory.is_new) return true;
  // Where to, and what: by the handles alone. Anybody who can write the state can put another certificate or URL into it.
  const auto opened = OpenCertificate(context.sealer, prior.handle.OrEmpty().Reveal());
  const auto chain = base::crypto::ParseChain(opened ? opened->full_chain_pem : prior.certificate_pem.OrEmpty());
  if (memory.directory_url.empty() || !chain || chain->front().not_after <= call.Now()) return true;
  const auto& leaf = chain->front();
  const auto ca = OpenCa(context.sealer, prior.external_ca.OrEmpty().Reveal());
  if (context.issuances->HasAny(ca ? ca->directory_url : memory.directory_url, leaf.dns_names)) return true;
  const base::Call limited = WithTimeout(call, prior.timeouts, &Timeouts::remove, kRevokeLimit);
  const auto done = !opened ? base::Result<void>(opened.error())
                    : !ca   ? base::Result<void>(ca.error())
                            : Revoke(limited, context, prior, *ca, leaf);
  if (done) {
    call.log.Info("certificate revoked", {{base::key::kCertificateId, prior.certificate_id.OrEmpty()}});
    return true;
  }
  diagnostics.Error("The certificate could not be revoked", done.error(),
                    "To destroy it without revoking, apply revoke_on_destroy = false first, or remove the resource with "
                    "`terraform state rm`.",
                    At(&CertificateModel::revoke_on_destroy));
  return false;
}

}  // namespace resources::certificate
