// SPDX-License-Identifier: MPL-2.0
// Certificates that something else ordered: imported, or moved from an acme_certificate. Their state has no external_ca. The
// first plan takes the configured one for theirs: the certificate stays, and renewals are ordered there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto/key_and_chain.h"
#include "resources/context.h"
#include "resources/resource.h"
#include "resources/sealed/payload.h"

namespace resources::certificate {

// The state of a certificate that was issued elsewhere, with or without its key. Without an ID, it gets the first 32 digits of
// its fingerprint: the same at each plan, since a moved block is carried out again until an apply saves the result.
base::Result<Stored> AdoptCertificate(const sealed::Sealer& sealer, const base::crypto::KeyAndChain& found,
                                      std::string certificate_id = {}, sealed::AllowedDestinations destinations = {});

// `id`: the path of a PEM file with the private key, or the signing request of one that is elsewhere, the certificate and its
// chain; several paths separated by commas; or the handle of a certificate from another state.
ImportResult ImportCertificate(const Context& context, std::string_view id);

// For Plan: the request as if this provider had ordered the certificate at the CA of the configuration; `result` then holds the
// private data that say so. Empty if the certificate was not just imported or moved.
std::optional<schema::PlanRequest> PlanAfterImport(const Context& context, const schema::PlanRequest& request,
                                                   schema::PlanResult& result);

}  // namespace resources::certificate
