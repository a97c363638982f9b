// SPDX-License-Identifier: MPL-2.0
// The aws connection as a session to send requests with, for its own check, the DNS provider and the destinations.
#pragma once

#include <memory>
#include <string>

#include "base/call.h"
#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/aws/session.h"

namespace engine::vendors::aws {

// The session that all uses of these credentials share. Errors: kInvalid, which blames the field.
base::Result<std::shared_ptr<AwsSession>> FindAwsSession(const connections::Connection& connection,
                                                         const connections::Deps& deps);

// Blames the field where AWS's code says which one it is.
base::Error BlameAwsField(base::Error error, const connections::Connection& connection);

// Notes what is wrong with the setting "region" of a destination.
void CheckAwsRegion(const base::Settings& settings, std::vector<connections::FieldProblem>& problems);

}  // namespace engine::vendors::aws
