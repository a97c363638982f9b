// SPDX-License-Identifier: MPL-2.0
#include "base/dns/channel.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/dns/message.h"
#include "base/text.h"
#include "base/time_format.h"

namespace base::dns {
namespace {

using std::chrono::milliseconds;

// Pauses before the second, third, … transmission; the last one repeats.
constexpr std::array kResendAfter{milliseconds(250), milliseconds(500), milliseconds(1000)};
// TCP joins in with the third transmission: some networks let no UDP through.
constexpr std::size_t kSendsBeforeTcp = 2;
// RFC 1035 section 4.2.1: what every server takes by UDP.
constexpr std::size_t kMaxUdpRequest = 512;
constexpr std::size_t kMaxDatagram = 65535;

// RFC 1035 section 4.2.2.
std::string Framed(std::string_view message) {
  return Cat(static_cast<char>(message.size() >> 8), static_cast<char>(message.size() & 0xFF), message);
}

std::size_t FrameSize(std::string_view stream) {
  return static_cast<std::size_t>(static_cast<unsigned char>(stream[0])) << 8 | static_cast<unsigned char>(stream[1]);
}

}  // namespace

void Channel::Start(std::size_t number, Outgoing outgoing, SteadyTime now) {
  const bool by_tcp = outgoing.transport == TransportProtocol::kTcp || outgoing.message.size() > kMaxUdpRequest;
  Pending& pending = pending_.emplace_back(Pending{.number = number,
                                                   .message = std::move(outgoing.message),
                                                   .patience = outgoing.patience,
                                                   .give_up = now + outgoing.patience,
                                                   .resend = SteadyTime::max()});
  by_tcp ? SendTcp(pending) : SendUdp(pending, now);
}

void Channel::RunTimers(SteadyTime now) {
  // By index: a socket that fails ends several at once, but none is removed before TakeFinished.
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    Pending& pending = pending_[i];
    if (!pending.has_ended && now >= pending.give_up) {
      GiveUp(pending, Cat("no answer within ", FormatDuration(pending.patience)));
    }
    if (pending.has_ended || !pending.on_udp || now < pending.resend) continue;
    SendUdp(pending, now);
    if (pending.sends > kSendsBeforeTcp && !pending.tcp_was_tried) SendTcp(pending);
  }
}

SteadyTime Channel::NextTimer() const {
  SteadyTime next = SteadyTime::max();
  for (const Pending& pending : pending_) {
    if (pending.has_ended) continue;
    next = std::min(next, pending.give_up);
    if (pending.on_udp) next = std::min(next, pending.resend);
  }
  return next;
}

std::vector<NumberedReply> Channel::TakeFinished() {
  std::erase_if(pending_, [](const Pending& pending) { return pending.has_ended; });
  return std::exchange(finished_, {});
}

void Channel::SendUdp(Pending& pending, SteadyTime now) {
  pending.on_udp = true;
  pending.may_have_arrived = true;
  pending.resend = now + kResendAfter[std::min(pending.sends, kResendAfter.size() - 1)];
  ++pending.sends;
  if (!udp_.is_open()) {
    auto opened = os::Socket::Connect(server_.host, server_.port, os::SocketKind::kUdp);
    if (!opened) return FailUdp(opened.error().message);
    udp_ = *std::move(opened);
  }
  // A full buffer loses the datagram like the network would: it is sent again.
  if (const auto sent = udp_.Send(pending.message); !sent) FailUdp(sent.error().message);
}

void Channel::SendTcp(Pending& pending) {
  pending.on_tcp = true;
  pending.tcp_was_tried = true;
  if (!tcp_.is_open()) {
    auto opened = os::Socket::Connect(server_.host, server_.port, os::SocketKind::kTcp);
    if (!opened) return FailTcp(opened.error().message);
    tcp_ = *std::move(opened);
  }
  tcp_out_.append(Framed(pending.message));
}

void Channel::ReadUdp() {
  std::string datagram(kMaxDatagram, '\0');
  while (udp_.is_open()) {
    const auto received = udp_.Receive(datagram);
    if (!received) return FailUdp(received.error().message);
    if (!*received) return;
    Take(datagram.substr(0, **received), os::SocketKind::kUdp);
  }
}

void Channel::RunTcp() {
  if (!tcp_connected_ && !ConnectTcp()) return;
  WriteTcp();
  if (tcp_.is_open()) ReadTcp();
}

// False while the connection is not there.
bool Channel::ConnectTcp() {
  if (const auto connected = tcp_.ConnectionResult(); !connected) {
    FailTcp(connected.error().message);
    return false;
  }
  tcp_connected_ = true;
  for (Pending& pending : pending_) pending.may_have_arrived |= pending.on_tcp;
  return true;
}

void Channel::WriteTcp() {
  while (!tcp_out_.empty()) {
    const auto sent = tcp_.Send(tcp_out_);
    if (!sent) return FailTcp(sent.error().message);
    if (!*sent) return;
    tcp_out_.erase(0, **sent);
  }
}

void Channel::ReadTcp() {
  std::array<char, 16384> block;
  for (;;) {
    const auto received = tcp_.Receive(block);
    if (!received) return FailTcp(received.error().message);
    if (!*received) return;
    if (**received == 0) return FailTcp("the server closed the connection");
    tcp_in_.append(block.data(), **received);
    while (tcp_in_.size() >= 2 && tcp_in_.size() >= 2 + FrameSize(tcp_in_)) {
      const std::size_t size = FrameSize(tcp_in_);
      std::string message = tcp_in_.substr(2, size);
      tcp_in_.erase(0, 2 + size);
      Take(std::move(message), os::SocketKind::kTcp);
    }
  }
}

// A message that answers nothing here is dropped: it is late, doubled or forged (RFC 5452).
void Channel::Take(std::string message, os::SocketKind from) {
  const auto asked = std::find_if(pending_.begin(), pending_.end(), [&](const Pending& pending) {
    return !pending.has_ended && IsReplyTo(message, pending.message);
  });
  if (asked == pending_.end()) return;
  if (from == os::SocketKind::kTcp || !IsTruncated(message)) return Finish(*asked, std::move(message));
  asked->on_udp = false;
  if (!asked->tcp_was_tried) return SendTcp(*asked);
  if (!asked->on_tcp) GiveUp(*asked, "the answer does not fit into UDP and TCP failed");
}

void Channel::FailUdp(const std::string& reason) {
  udp_.Close();
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    Pending& pending = pending_[i];
    if (pending.has_ended || !pending.on_udp) continue;
    pending.on_udp = false;
    pending.trouble = reason;
    if (pending.sends == 1 && !pending.on_tcp) pending.may_have_arrived = false;
    if (!pending.tcp_was_tried) {
      SendTcp(pending);
    } else if (!pending.on_tcp) {
      GiveUp(pending, reason);
    }
  }
}

void Channel::FailTcp(const std::string& reason) {
  tcp_.Close();
  tcp_connected_ = false;
  tcp_out_.clear();
  tcp_in_.clear();
  for (Pending& pending : pending_) {
    if (pending.has_ended || !pending.on_tcp) continue;
    pending.on_tcp = false;
    if (!pending.on_udp) GiveUp(pending, reason);
  }
}

void Channel::Finish(Pending& pending, Result<std::string> reply) {
  pending.has_ended = true;
  finished_.push_back(NumberedReply{.number = pending.number, .reply = std::move(reply)});
}

void Channel::GiveUp(Pending& pending, const std::string& reason) {
  Finish(pending, Error{.kind = ErrorKind::kUnavailable,
                        .message = Cat(ToText(server_), ": ", reason),
                        .delivery = pending.may_have_arrived ? Delivery::kUnknown : Delivery::kNotSent});
}

}  // namespace base::dns
