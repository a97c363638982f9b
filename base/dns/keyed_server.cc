// SPDX-License-Identifier: MPL-2.0
#include "base/dns/keyed_server.h"

#include <utility>

#include "base/dns/resolve_host.h"

namespace base::dns {
namespace {

Result<std::string> SendToFirstReachable(const Call& call, const KeyedServer& server, const std::string& message,
                                         std::chrono::milliseconds patience) {
  auto addresses = ResolveHost(call, server.address);
  if (!addresses) {
    addresses.error().delivery = Delivery::kNotSent;
    return std::move(addresses).error();
  }
  Result<std::string> reply = Error{ErrorKind::kUnavailable, "the server's name has no address"};
  bool may_have_arrived = false;
  for (const ServerAddress& address : *addresses) {
    const Outgoing outgoing{.server = address, .message = message, .transport = server.transport, .patience = patience};
    reply = std::move(ExchangeAll(call, std::span(&outgoing, 1)).front());
    if (reply || reply.error().kind != ErrorKind::kUnavailable) return reply;
    may_have_arrived |= reply.error().delivery != Delivery::kNotSent;
  }
  if (may_have_arrived) reply.error().delivery = Delivery::kUnknown;
  return reply;
}

}  // namespace

Result<Message> AskKeyed(const Call& call, const KeyedServer& server, const std::string& message,
                         std::chrono::milliseconds patience) {
  SignedMessage outgoing{.wire = message, .mac = {}};
  if (server.key) {
    auto made = SignMessage(message, *server.key, call.Now());
    if (!made) return std::move(made).error();
    outgoing = *std::move(made);
  }
  const auto reply = SendToFirstReachable(call, server, outgoing.wire, patience);
  if (!reply) return reply.error();
  auto parsed = ParseMessage(*reply);
  if (!parsed || !server.key) return parsed;
  if (auto verified = VerifyReply(*reply, *server.key, outgoing.mac, call.Now()); !verified) {
    const bool is_unsigned_failure = IsUnsigned(*reply) && parsed->rcode != Rcode::kNoError;
    if (!is_unsigned_failure) return std::move(verified).error();
  }
  return parsed;
}

}  // namespace base::dns
