// SPDX-License-Identifier: MPL-2.0
// Files on the machine that runs Terraform.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::files {

extern const sync::DestinationSpec kLocalFiles;  // local_files.cc

Vendor MakeVendor();

}  // namespace engine::vendors::files
