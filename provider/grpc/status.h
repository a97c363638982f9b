// SPDX-License-Identifier: MPL-2.0
// Status: how a gRPC call ended (https://grpc.io/docs/guides/status-codes/).
#pragma once

#include <string>

namespace provider::grpc {

// The codes that this server gives, by their numbers on the wire.
enum class Code { kOk = 0, kNotFound = 5, kResourceExhausted = 8, kUnimplemented = 12, kInternal = 13 };

struct Status {
  Code code = Code::kOk;
  std::string message{};
};

}  // namespace provider::grpc
