// SPDX-License-Identifier: MPL-2.0
// The length-prefixed messages of gRPC over HTTP/2: a byte that says whether the message is compressed, four bytes of length, the
// message (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "provider/grpc/status.h"

namespace provider::grpc {

inline constexpr std::size_t kPrefixSize = 5;

// Turns kPrefixSize bytes of any content and a message after them, at most 4 GiB, into a framed message.
void FillPrefix(std::string& framed);

// `message` is a view of the body; empty with any other status than kOk.
struct Unframed {
  Status status{};
  std::string_view message{};
};

// The one message of a unary call's body. Errors: kUnimplemented for a compressed message (no compression was offered),
// kInternal for a body that is anything else than one whole message.
Unframed OneMessage(std::string_view body);

// A status' message as a header may have it: percent-encoded but for printable ASCII.
std::string EncodeMessage(std::string_view text);

}  // namespace provider::grpc
