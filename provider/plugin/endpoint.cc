// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/endpoint.h"

namespace provider::plugin {

std::string_view NameOf(Network network) { return network == Network::kUnix ? "unix" : "tcp"; }

}  // namespace provider::plugin
