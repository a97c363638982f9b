// SPDX-License-Identifier: MPL-2.0
// A server that is spoken to under a TSIG key: sign, send, verify.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/call.h"
#include "base/dns/exchange.h"
#include "base/dns/message.h"
#include "base/dns/server_address.h"
#include "base/dns/tsig.h"
#include "base/result.h"

namespace base::dns {

struct KeyedServer {
  ServerAddress address;         // a name is resolved at each use
  std::optional<TsigKey> key{};  // none: nothing is signed
  TransportProtocol transport = TransportProtocol::kUdpThenTcp;
};

// A server with several addresses is tried at each until one answers, so the message must be one that may be repeated.
// The reply with its signature verified, whatever its code. An unsigned reply to a signed message is taken only when it reports
// a failure: whoever forged it gains no more than by dropping the message.
// Errors: those of VerifyReply; kUnavailable (Delivery::kNotSent if the server never got the message), kCancelled,
// kTimeout, kProtocol.
Result<Message> AskKeyed(const Call& call, const KeyedServer& server, const std::string& message,
                         std::chrono::milliseconds patience);

}  // namespace base::dns
