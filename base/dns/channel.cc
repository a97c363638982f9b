// SPDX-License-Identifier: MPL-2.0
#include "base/dns/channel.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
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
constexpr std::size_t kMaxMessage = 65535;

std::string Reason(int number) { return ToLower(std::generic_category().message(number)); }

// RFC 1035 section 4.2.2.
std::string Framed(std::string_view message) {
  return Cat(static_cast<char>(message.size() >> 8), static_cast<char>(message.size() & 0xFF), message);
}

std::size_t FrameSize(std::string_view stream) {
  return static_cast<std::size_t>(static_cast<unsigned char>(stream[0])) << 8 | static_cast<unsigned char>(stream[1]);
}

bool WouldBlock(int number) { return number == EAGAIN || number == EWOULDBLOCK || number == EINTR; }

}  // namespace

void Channel::Start(std::size_t number, Outgoing outgoing, Steady::time_point now) {
  const bool by_tcp = outgoing.transport == Transport::kTcp || outgoing.message.size() > kMaxUdpRequest;
  Pending& pending = pending_.emplace_back(Pending{.number = number,
                                                   .message = std::move(outgoing.message),
                                                   .patience = outgoing.patience,
                                                   .give_up = now + outgoing.patience,
                                                   .resend = Steady::time_point::max()});
  by_tcp ? SendTcp(pending) : SendUdp(pending, now);
}

void Channel::RunTimers(Steady::time_point now) {
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

Steady::time_point Channel::NextTimer() const {
  Steady::time_point next = Steady::time_point::max();
  for (const Pending& pending : pending_) {
    if (pending.has_ended) continue;
    next = std::min(next, pending.give_up);
    if (pending.on_udp) next = std::min(next, pending.resend);
  }
  return next;
}

std::vector<Finished> Channel::TakeFinished() {
  std::erase_if(pending_, [](const Pending& pending) { return pending.has_ended; });
  return std::exchange(finished_, {});
}

void Channel::SendUdp(Pending& pending, Steady::time_point now) {
  pending.on_udp = true;
  pending.may_have_arrived = true;
  pending.resend = now + kResendAfter[std::min(pending.sends, kResendAfter.size() - 1)];
  ++pending.sends;
  if (!udp_.is_open()) {
    auto opened = OpenSocket(server_, SocketKind::kUdp);
    if (!opened) return FailUdp(opened.error().message);
    udp_ = *std::move(opened);
  }
  const ssize_t sent = send(udp_.number(), pending.message.data(), pending.message.size(), MSG_NOSIGNAL);
  // A full buffer loses the datagram like the network would: it is sent again.
  if (sent < 0 && !WouldBlock(errno) && errno != ENOBUFS) FailUdp(Reason(errno));
}

void Channel::SendTcp(Pending& pending) {
  pending.on_tcp = true;
  pending.tcp_was_tried = true;
  if (!tcp_.is_open()) {
    auto opened = OpenSocket(server_, SocketKind::kTcp);
    if (!opened) return FailTcp(opened.error().message);
    tcp_ = *std::move(opened);
  }
  tcp_out_.append(Framed(pending.message));
}

void Channel::ReadUdp() {
  std::string datagram(kMaxMessage, '\0');
  while (udp_.is_open()) {
    const ssize_t got = recv(udp_.number(), datagram.data(), datagram.size(), 0);
    if (got < 0 && WouldBlock(errno)) return;
    if (got < 0) return FailUdp(Reason(errno));
    Take(datagram.substr(0, static_cast<std::size_t>(got)), SocketKind::kUdp);
  }
}

void Channel::RunTcp() {
  if (!tcp_connected_ && !ConnectTcp()) return;
  WriteTcp();
  if (tcp_.is_open()) ReadTcp();
}

// False while the connection is not there.
bool Channel::ConnectTcp() {
  int failure = 0;
  socklen_t size = sizeof(failure);
  getsockopt(tcp_.number(), SOL_SOCKET, SO_ERROR, &failure, &size);
  if (failure != 0) {
    FailTcp(Reason(failure));
    return false;
  }
  tcp_connected_ = true;
  for (Pending& pending : pending_) pending.may_have_arrived |= pending.on_tcp;
  return true;
}

void Channel::WriteTcp() {
  while (!tcp_out_.empty()) {
    const ssize_t sent = send(tcp_.number(), tcp_out_.data(), tcp_out_.size(), MSG_NOSIGNAL);
    if (sent < 0 && WouldBlock(errno)) return;
    if (sent < 0) return FailTcp(Reason(errno));
    tcp_out_.erase(0, static_cast<std::size_t>(sent));
  }
}

void Channel::ReadTcp() {
  std::array<char, 16384> block;
  for (;;) {
    const ssize_t got = recv(tcp_.number(), block.data(), block.size(), 0);
    if (got < 0 && WouldBlock(errno)) return;
    if (got < 0) return FailTcp(Reason(errno));
    if (got == 0) return FailTcp("the server closed the connection");
    tcp_in_.append(block.data(), static_cast<std::size_t>(got));
    while (tcp_in_.size() >= 2 && tcp_in_.size() >= 2 + FrameSize(tcp_in_)) {
      const std::size_t size = FrameSize(tcp_in_);
      std::string message = tcp_in_.substr(2, size);
      tcp_in_.erase(0, 2 + size);
      Take(std::move(message), SocketKind::kTcp);
    }
  }
}

// A message that answers nothing here is dropped: it is late, doubled or forged (RFC 5452).
void Channel::Take(std::string message, SocketKind from) {
  const auto asked = std::find_if(pending_.begin(), pending_.end(), [&](const Pending& pending) {
    return !pending.has_ended && IsReplyTo(message, pending.message);
  });
  if (asked == pending_.end()) return;
  if (from == SocketKind::kTcp || !IsTruncated(message)) return Finish(*asked, std::move(message));
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
  finished_.push_back(Finished{.number = pending.number, .reply = std::move(reply)});
}

void Channel::GiveUp(Pending& pending, const std::string& reason) {
  Finish(pending, Error{.kind = ErrorKind::kUnavailable,
                        .message = Cat(ToText(server_), ": ", reason),
                        .delivery = pending.may_have_arrived ? Delivery::kUnknown : Delivery::kNotSent});
}

}  // namespace base::dns
