// SPDX-License-Identifier: MPL-2.0
// certwright_handle: a data source that tells what a sealed handle is of, without its secrets.
#pragma once

#include <memory>

#include "resources/source.h"

namespace resources {

std::unique_ptr<Source> MakeHandleFacts();

}  // namespace resources
