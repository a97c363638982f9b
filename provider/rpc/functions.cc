// SPDX-License-Identifier: MPL-2.0
// GetFunctions (OpenTofu asks it, Terraform reads the schema) and CallFunction. Both come to an unconfigured provider too.
#include "provider/rpc/functions.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "provider/rpc/from_proto.h"
#include "provider/rpc/handlers.h"
#include "schema/cty/msgpack.h"

namespace provider::rpc {
namespace {

using resources::Function;
using schema::cty::Value;

void SetFunction(const Function& function, pb::Function& wire) {
  for (const auto& parameter : function.parameters) {
    pb::Function::Parameter& out = *wire.add_parameters();
    out.set_name(parameter.name);
    out.set_type(schema::cty::ToJson(parameter.type));
    out.set_description(parameter.doc);
    out.set_description_kind(pb::MARKDOWN);
    out.set_allow_null_value(parameter.allow_null);
  }
  wire.mutable_return_()->set_type(schema::cty::ToJson(function.result));
  wire.set_summary(function.summary);
  wire.set_description(function.doc);
  wire.set_description_kind(pb::MARKDOWN);
}

// Empty after an error.
std::optional<std::vector<Value>> Arguments(const Function& function, const pb::CallFunction::Request& request,
                                            schema::Diagnostics& diagnostics) {
  if (request.arguments_size() != static_cast<int>(function.parameters.size())) {
    diagnostics.Error("Wrong number of arguments", base::Cat(function.name, " takes ", function.parameters.size(), "."));
    return std::nullopt;
  }
  std::vector<Value> arguments;
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    const auto& parameter = function.parameters[i];
    auto value = FromProto(request.arguments(static_cast<int>(i)), parameter.type, parameter.name, diagnostics);
    if (!value) return std::nullopt;
    arguments.push_back(*std::move(value));
  }
  return arguments;
}

}  // namespace

void SetFunctions(std::span<const Function> functions, google::protobuf::Map<std::string, pb::Function>& wire) {
  for (const Function& function : functions) SetFunction(function, wire[function.name]);
}

schema::Diagnostics GetFunctions(const CallScope& scope, const pb::GetFunctions::Request&, pb::GetFunctions::Response& reply) {
  SetFunctions(scope.shared.parts.functions, *reply.mutable_functions());
  return {};
}

schema::Diagnostics CallFunction(const CallScope& scope, const pb::CallFunction::Request& request,
                                 pb::CallFunction::Response& reply) {
  schema::Diagnostics diagnostics;
  const auto& functions = scope.shared.parts.functions;
  const auto function =
      std::find_if(functions.begin(), functions.end(), [&](const Function& one) { return one.name == request.name(); });
  if (function == functions.end()) {
    diagnostics.Error("Unknown function", base::Cat("This version of the provider has no function \"", request.name(), "\"."));
    return diagnostics;
  }
  const auto arguments = Arguments(*function, request, diagnostics);
  if (!arguments) return diagnostics;
  const auto result = function->call(*arguments);
  if (result) {
    reply.mutable_result()->set_msgpack(schema::cty::ToMsgpack(*result));
  } else {
    diagnostics.Error(base::Cat(function->name, " failed"), result.error());
    if (arguments->size() == 1) reply.mutable_error()->set_function_argument(0);
  }
  return diagnostics;
}

}  // namespace provider::rpc
