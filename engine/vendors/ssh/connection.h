// SPDX-License-Identifier: MPL-2.0
// The ssh connection as a target to log in to.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/ssh/session.h"
#include "engine/connections/connection.h"

namespace engine::vendors::ssh {

// Errors: kInvalid, which blames the field; kDenied (blames "host_key") when it names no key of this host.
base::Result<base::ssh::Target> MakeSshTarget(const connections::Connection& connection, const std::string& host,
                                              std::uint16_t port);

}  // namespace engine::vendors::ssh
