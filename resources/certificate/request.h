// SPDX-License-Identifier: MPL-2.0
// What a certwright_certificate orders: names and key, or a signing request made elsewhere, with the CA's options.
#pragma once

#include <optional>
#include <string>

#include "base/call.h"
#include "engine/acme/issue.h"
#include "resources/certificate/model.h"
#include "resources/certificate/private_state.h"
#include "resources/context.h"
#include "resources/sealed/payload.h"

namespace resources::certificate {

// Rules across attributes: names or a signing request; the common name is one of the names; no export without a key.
void ValidateRequest(const CertificateModel& certificate, schema::Diagnostics& diagnostics);

// The names that an order for `certificate` has, as A-labels: unknown while they are. Null if a signing request is not valid.
// Pure.
schema::Field<std::set<std::string>> OrderedNames(const CertificateModel& certificate);

// The key to order with: a new one, or, with rotate_private_key = false, the one of the prior handle if it has the right
// algorithm. Empty with csr_pem. Errors: kInvalid (the prior handle cannot be opened), kInternal.
base::Result<std::optional<base::crypto::PrivateKey>> SelectPrivateKey(const Context& context, const CertificateModel& planned,
                                                                       const CertificateModel& prior);

// The order for `planned`, without the key. `replaces` is set if the CA and account that `memory` names issued the prior
// certificate. Errors: kInvalid, which blames "csr_pem".
base::Result<engine::acme::IssueRequest> MakeIssueRequest(const base::Call& call, const CertificateModel& planned,
                                                          const CertificateModel& prior, const PrivateState& memory,
                                                          const sealed::CaPayload& ca);

}  // namespace resources::certificate
