// SPDX-License-Identifier: MPL-2.0
// The functions of the provider as the protocol describes them.
#pragma once

#include <span>
#include <string>

#include "provider/proto/tfplugin6.pb.h"
#include "resources/function.h"

namespace provider::rpc {

void SetFunctions(std::span<const resources::Function> functions, google::protobuf::Map<std::string, tfplugin6::Function>& wire);

}  // namespace provider::rpc
