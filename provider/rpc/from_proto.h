// SPDX-License-Identifier: MPL-2.0
// Protocol messages to our values. With to_proto, the only place that knows the fields of value messages.
#pragma once

#include <optional>
#include <string_view>

#include "provider/proto/tfplugin6.pb.h"
#include "schema/cty/type.h"
#include "schema/cty/value.h"
#include "schema/diagnostics.h"

namespace provider::rpc {

// The value, or empty after an error diagnostic that names `what` ("the configuration") when the bytes are no value of the type.
std::optional<schema::cty::Value> FromProto(const tfplugin6::DynamicValue& wire, const schema::cty::Type& type,
                                            std::string_view what, schema::Diagnostics& diagnostics);

}  // namespace provider::rpc
