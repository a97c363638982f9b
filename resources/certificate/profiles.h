// SPDX-License-Identifier: MPL-2.0
// What the certificate profiles of its issuer mean to a certificate: defaults for what its configuration leaves out, and rules
// that an order keeps.
#pragma once

#include <string>

#include "resources/certificate/model.h"
#include "resources/context.h"
#include "resources/issuer.h"
#include "schema/cty/value.h"
#include "schema/diagnostics.h"

namespace resources::certificate {

// Defaults are objects of ProfileDefaults: null where there are none, unknown as long as the issuer is.

// False if `external_ca`, perhaps unknown, is certainly the handle of a CA itself.
bool MayHaveProfiles(const schema::Field<base::Secret>& external_ca);

// Those of `external_ca`, as far as they can be known in a plan. `issuer`: what it holds; null if it cannot be opened.
schema::cty::Value DefaultsIn(const schema::Field<base::Secret>& external_ca, const Issuer* issuer);

// `planned` with each argument that `config` leaves out and a profile may have a default for: from `defaults`, else the default
// of the schema. A signing request leaves no choice of key.
schema::cty::Value WithDefaults(const schema::cty::Value& config, const schema::cty::Value& defaults, schema::cty::Value planned);

// The part of `defaults` that `certificate`, a state or plan, has where `config` leaves it out.
schema::cty::Value TakenDefaults(const schema::cty::Value& config, const schema::cty::Value& defaults,
                                 const schema::cty::Value& certificate);

// `defaults` with those of `more` that it lacks.
schema::cty::Value AddDefaults(const schema::cty::Value& defaults, const schema::cty::Value& more);

// True if `planned` has another value than `prior` where `config` leaves the choice to a profile.
bool LosesDefaults(const schema::cty::Value& config, const schema::cty::Value& prior, const schema::cty::Value& planned);

// Errors, each at an argument of the certificate, if it may not be ordered as `planned`, which may hold unknown values: they are
// checked once they are known.
void CheckOrder(const Issuer& issuer, const CertificateModel& planned, schema::Diagnostics& diagnostics);
// The same of the export of the private key alone, which needs no order.
void CheckExport(const Issuer& issuer, const CertificateModel& planned, schema::Diagnostics& diagnostics);

// A warning if the certificate could not be renewed as it is. Opens the handle of its profile; those of a CA are not opened.
void WarnOfMisfit(const Context& context, const CertificateModel& certificate, schema::Diagnostics& diagnostics);

}  // namespace resources::certificate
