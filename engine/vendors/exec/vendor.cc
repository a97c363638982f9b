// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/exec/vendor.h"

namespace engine::vendors::exec {

Vendor MakeVendor() {
  return {.connection = kConnection, .dns = kDns, .destinations = {kDestination}, .lego = {{"exec"}, {{"EXEC_PATH", "program"}}}};
}

}  // namespace engine::vendors::exec
