// SPDX-License-Identifier: MPL-2.0
// One client of a vendor's API per connection and configured provider, so that a login or a program's token serves all who use
// it.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "engine/connections/connection.h"

namespace engine::connections {

// Differs when any setting or secret does. A digest.
std::string DigestOf(const Connection& connection);

// The client of this connection. `make` returns a Result<std::shared_ptr<Client>> and makes no request; its errors are returned.
template <typename Client, typename Make>
base::Result<std::shared_ptr<Client>> ShareClient(const Connection& connection, const Deps& deps, const Make& make) {
  base::Result<std::shared_ptr<Client>> made = make();
  if (!made) return made;
  return deps.shared->Get<Client>(DigestOf(connection), [&] { return *std::move(made); });
}

}  // namespace engine::connections
