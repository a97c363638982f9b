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

// `id`: of the connection, the same whatever its credentials. A planned handle that the state does not have yet: this process and
// the apply that follows may need it. Writes a file.
void RecordPlannedConnection(const Context& context, const std::string& id, const base::Secret& handle);
// A handle that the state has, or is about to have.
void RecordStoredConnection(const Context& context, const std::string& id, const base::Secret& handle);
// The connection no longer exists.
void ForgetConnection(const Context& context, const std::string& id);
// Another handle of the connection than `refused`; empty if none is known.
std::optional<base::Secret> FindNewerConnection(const Context& context, const std::string& id, const base::Secret& refused);

}  // namespace resources
