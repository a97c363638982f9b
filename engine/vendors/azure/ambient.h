// SPDX-License-Identifier: MPL-2.0
// Who one is at Azure, as the environment says it: the variables of Terraform's azurerm provider (ARM_*) and those of Azure's
// SDKs (AZURE_*). Left out, with an error that says so: user names with passwords.
#pragma once

#include <string>

#include "base/environment.h"
#include "base/result.h"
#include "engine/vendors/azure/token.h"

namespace engine::vendors::azure {

// All but the authority. ARM_* goes before AZURE_*, and neither lends the other a value.
// Errors: kNotFound (the environment says nothing), kInvalid (it says something that cannot work).
base::Result<AzureSettings> FindAmbientSettings(const base::EnvironmentReader& environment);

// Where a CI system gives out the token of a job: what the variables of azurerm, GitHub Actions and Azure DevOps say.
// Errors: kInvalid, they are not set.
base::Result<void> ReadOidcRequest(const base::EnvironmentReader& environment, AzureSettings& settings);

// The variable that names another cloud than this one, in a sentence; empty if none does.
std::string FindCloudProblem(const base::EnvironmentReader& environment, const AzureCloud& cloud);

}  // namespace engine::vendors::azure
