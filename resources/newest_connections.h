// SPDX-License-Identifier: MPL-2.0
// The newest handle of each app connection. Terraform refreshes and destroys what uses a connection with the handle in its state,
// and before it updates the connection: where credentials differ on each run, those in the state have expired by then. A plan
// records the handle that it sealed, for its own process and, in the journal, for the apply that follows.
#pragma once

#include <optional>
#include <string>

#include "base/secret.h"
#include "resources/context.h"

namespace resources {

// `id`: of the connection, the same whatever its credentials. `changes`: the state has another handle, and the apply may need
// this one.
void RecordPlannedConnection(const Context& context, const std::string& id, const base::Secret& handle, bool changes);
// The state has the handle, or the connection no longer exists.
void ForgetPlannedConnection(const Context& context, const std::string& id);
// Another handle of the connection than `refused`; empty if none is known.
std::optional<base::Secret> FindNewerConnection(const Context& context, const std::string& id, const base::Secret& refused);

}  // namespace resources
