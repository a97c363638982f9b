// SPDX-License-Identifier: MPL-2.0
// Issuer: what the `external_ca` of a certificate stands for: a CA, and the certificate profiles that its handle passed through.
// Every one of them must allow an order.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "resources/context.h"
#include "resources/profile_model.h"
#include "resources/sealed/payload.h"

namespace resources {

struct CertificateProfile {
  std::string id;  // of ProfileId
  std::string name;
  ProfileRules rules;
  ProfileDefaults defaults;
};

struct Issuer {
  sealed::CaPayload ca;
  std::vector<CertificateProfile> profiles{};  // the one next to the CA first
};

// `handle`: of a CA or a profile. Errors: as sealed::OpenIssuerPayload; kInvalid for rules that only a newer version knows: none
// may be ignored.
base::Result<Issuer> OpenIssuer(const sealed::Sealer& sealer, std::string_view handle);

// The same, opened once for all certificates that have this handle. Safe from many threads. Errors: as OpenIssuer.
base::Result<std::shared_ptr<const Issuer>> OpenSharedIssuer(const Context& context, std::string_view handle);

// The handle of the last profile: the same for the same content. The rules and defaults are wholly known. Errors: as
// Sealer::Seal.
base::Result<std::string> SealIssuer(const sealed::Sealer& sealer, const Issuer& issuer);

// 32 hex digits, the same for the same name below the same CA account and profiles, whatever the rules.
std::string ProfileId(const Issuer& parent, std::string_view name);

// An object of ProfileDefaults: of several profiles with a default, the one next to the certificate counts.
schema::cty::Value DefaultsOf(const Issuer& issuer);

// What all profiles allow.
sealed::AllowedDestinations DestinationsOf(const Issuer& issuer);

}  // namespace resources
