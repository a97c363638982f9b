// SPDX-License-Identifier: MPL-2.0
// What a certwright_certificate orders: names and key, or a signing request made elsewhere, and what the CA is to heed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "engine/acme/issue.h"
#include "resources/context.h"
#include "resources/resource.h"
#include "resources/sealed/payload.h"
#include "schema/reader.h"

namespace resources::certificate {

// Rules across attributes: names or a signing request; the common name is one of the names; what goes with a signing request.
void ValidateRequest(const schema::Reader& certificate, schema::Diagnostics& diagnostics);

// True when the plan asks for a certificate with another content than the prior one, or that cannot be told yet. Pure.
bool HasOtherContent(const std::vector<schema::Attribute>& attributes, const schema::cty::Value& prior,
                     const schema::cty::Value& planned);

// The key to order with: a new one, or, with rotate_private_key = false, the one of the prior handle where its algorithm is still
// wanted. Empty with csr_pem. Errors: kInvalid (the prior handle cannot be opened), kInternal.
base::Result<std::optional<base::crypto::PrivateKey>> KeyToOrderWith(const Context& context, const schema::Reader& planned,
                                                                     const schema::cty::Value& prior);

// What `request.planned` orders, without the key. `replaces` is set for the CA and account that issued the prior certificate.
// Errors: kInvalid, which blames "csr_pem".
base::Result<engine::acme::IssueRequest> MakeIssueRequest(const base::Call& call, const schema::Reader& planned,
                                                          const ChangeRequest& request, const sealed::CaPayload& ca);

}  // namespace resources::certificate
