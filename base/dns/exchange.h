// SPDX-License-Identifier: MPL-2.0
// Many DNS messages under way to many servers at once, from the caller's own thread: UDP with retransmission, TCP when the reply
// does not fit, when the request is long, and when UDP stays silent. One UDP socket a server, so that a hundred names cost one.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/dns/server_address.h"
#include "base/result.h"

namespace base::dns {

enum class TransportProtocol { kUdpThenTcp, kTcp };

struct Outgoing {
  ServerAddress server;  // numeric
  std::string message;   // complete, with an identifier from RandomId
  TransportProtocol transport = TransportProtocol::kUdpThenTcp;
  std::chrono::milliseconds patience{2000};  // how long this one may take
};

struct NumberedReply {
  std::size_t number = 0;     // as Start gave it
  Result<std::string> reply;  // a whole message, not yet parsed
};

// For one thread. Sockets and retransmissions run by the steady clock, since they belong to the machine; the call's clock says
// when the call's own deadline has come.
class Exchange {
 public:
  explicit Exchange(const Call& call);
  ~Exchange();
  Exchange(Exchange&&) = delete;

  // Sends the message; its end is told by Next under the number returned.
  std::size_t Start(Outgoing outgoing);

  // Blocks until one of the messages under way has ended; empty when none did within `patience`.
  // Each reply's errors: kUnavailable (no answer, connection refused; Delivery::kNotSent if the server never got it).
  // Errors: kCancelled (within 100 ms of the stop request), kTimeout (the call's deadline).
  Result<std::optional<NumberedReply>> Next(std::chrono::milliseconds patience);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// All of them at once. One result a message, in the same order; a cancel or the call's deadline ends all that are under way.
std::vector<Result<std::string>> ExchangeAll(const Call& call, std::span<const Outgoing> messages);

}  // namespace base::dns
