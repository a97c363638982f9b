// SPDX-License-Identifier: MPL-2.0
// What Azure's APIs and Microsoft Entra ID say when they refuse.
#pragma once

#include <string_view>

#include "base/http/request.h"
#include "base/result.h"

namespace base::cloud {

// As MakeApiError. error.code: "AADSTS7000215" of Entra, "AuthorizationFailed" of Azure Resource Manager, "ForbiddenByRbac" of
// Key Vault. Of Entra's description
// only the first line is told: behind it are trace ids. A client that Entra refuses is kDenied, although the status is 400.
Error MakeAzureError(std::string_view who, const http::Response& response, TimePoint now);

}  // namespace base::cloud
