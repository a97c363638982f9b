// SPDX-License-Identifier: MPL-2.0
// certwright_app_connection_<kind>: one resource type for each kind of engine/connections, made from its spec.
#pragma once

#include <memory>

#include "engine/connections/connection.h"
#include "resources/resource.h"

namespace resources::app_connection {

// `spec`: borrowed, lives for the whole process.
std::unique_ptr<Resource> MakeAppConnection(const engine::connections::ConnectionSpec& spec);

}  // namespace resources::app_connection
