// SPDX-License-Identifier: MPL-2.0
// Our values to protocol messages. State and plans pass through SetState, which leaves no write-only value in them.
#pragma once

#include "provider/proto/tfplugin6.pb.h"
#include "schema/cty/path.h"
#include "schema/cty/value.h"
#include "schema/diagnostics.h"
#include "schema/schema.h"

namespace provider::rpc {

// `value` without its write-only attributes.
void SetState(const schema::Schema& schema, const schema::cty::Value& value, tfplugin6::DynamicValue& wire);

void SetPath(const schema::cty::Path& path, tfplugin6::AttributePath& wire);

// Go refuses a whole message for one byte that is not UTF-8: such bytes are replaced.
void AppendDiagnostics(const schema::Diagnostics& diagnostics, google::protobuf::RepeatedPtrField<tfplugin6::Diagnostic>& wire);

void SetSchema(const schema::Schema& schema, tfplugin6::Schema& wire);

}  // namespace provider::rpc
