// SPDX-License-Identifier: MPL-2.0
// The kubernetes connection as an API to call, for its own check and for the destination.
#pragma once

#include <memory>

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/kubernetes/api.h"

namespace engine::vendors::kubernetes {

// Reads the files that the connection names; makes no request. Errors: kInvalid and kNotFound, which blame the field.
base::Result<std::shared_ptr<KubernetesApi>> ShareKubernetesApi(const connections::Connection& connection,
                                                                const connections::Deps& deps);

// Blames the field if the credentials were refused.
base::Error BlameKubernetesField(base::Error error, const connections::Connection& connection);

}  // namespace engine::vendors::kubernetes
