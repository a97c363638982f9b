// SPDX-License-Identifier: MPL-2.0
// What a handle says about its certificate before it is opened, or before it even exists: its ID and key algorithm, and where it
// may be deployed.
#pragma once

#include <string>

#include "resources/context.h"
#include "resources/sealed/payload.h"
#include "schema/field.h"

namespace resources::certificate_sync {

struct CertificateIdentity {
  std::string certificate_id;
  std::string key_algorithm;                   // as in `key_algorithm` of a certificate
  sealed::AllowedDestinations destinations{};  // empty also as long as it is not known
};

// Also if only the beginning of the handle is known. Each part is empty if it is not known, or this is no such handle. Opens
// handles of the first format, whose prefix does not say it.
CertificateIdentity IdentityOf(const Context& context, const schema::Field<std::string>& handle);

}  // namespace resources::certificate_sync
