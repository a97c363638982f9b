// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/from_proto.h"

#include "base/text.h"
#include "schema/cty/json.h"
#include "schema/cty/msgpack.h"

namespace provider::rpc {
namespace {

using schema::cty::Value;

std::optional<Value> ValueOrError(base::Result<Value> decoded, std::string_view what, schema::Diagnostics& diagnostics) {
  if (decoded) return *std::move(decoded);
  diagnostics.Error(base::Cat("Cannot read ", what), decoded.error(),
                    "Terraform sent a value that does not fit the schema; another version of the provider may have written it.");
  return std::nullopt;
}

}  // namespace

std::optional<Value> FromProto(const tfplugin6::DynamicValue& wire, const schema::cty::Type& type, std::string_view what,
                               schema::Diagnostics& diagnostics) {
  if (!wire.msgpack().empty()) return ValueOrError(schema::cty::FromMsgpack(wire.msgpack(), type), what, diagnostics);
  if (wire.json().empty()) return Value::Null(type);
  return ValueOrError(schema::cty::FromJson(wire.json(), type, schema::cty::UnknownMembers::kRefused), what, diagnostics);
}

}  // namespace provider::rpc
