// SPDX-License-Identifier: MPL-2.0
// What Azure's APIs and Microsoft Entra ID say when they refuse.
#pragma once

#include <string_view>

#include "base/http/request.h"
#include "base/result.h"

namespace engine::vendors::azure {

// As MakeApiError. error.code: "AADSTS7000215" of Entra, "AuthorizationFailed" of Azure Resource Manager, "ForbiddenByRbac" of
// Key Vault. Of Entra's description
// only the first line is told: behind it are trace ids. A client that Entra refuses is kDenied, although the status is 400.
base::Error MakeAzureError(std::string_view who, const base::http::Response& response, base::TimePoint now);

}  // namespace engine::vendors::azure
