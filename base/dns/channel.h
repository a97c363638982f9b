// SPDX-License-Identifier: MPL-2.0
// Channel: one DNS server inside an Exchange: its sockets, and the messages that wait for its answers. For exchange.cc alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/dns/exchange.h"
#include "base/dns/server_address.h"
#include "base/os/socket.h"
#include "base/result.h"

namespace base::dns {

class Channel {
 public:
  explicit Channel(ServerAddress server) : server_(std::move(server)) {}

  const ServerAddress& server() const { return server_; }

  void Start(std::size_t number, Outgoing outgoing, SteadyTime now);
  // Sends again what is due, brings TCP in, gives up what ran out of patience.
  void RunTimers(SteadyTime now);
  SteadyTime NextTimer() const;  // the far future when nothing waits

  // For os::Poll: -1 while there is no such socket.
  int udp() const { return udp_.number(); }
  int tcp() const { return tcp_.number(); }
  bool WantsToWrite() const { return tcp_.is_open() && (!tcp_connected_ || !tcp_out_.empty()); }
  void ReadUdp();
  void RunTcp();

  // What has ended since the last call.
  std::vector<NumberedReply> TakeFinished();

 private:
  struct Pending {
    std::size_t number = 0;
    std::string message;
    std::chrono::milliseconds patience{};
    SteadyTime give_up{};
    SteadyTime resend{};
    std::size_t sends = 0;
    bool on_udp = false;
    bool on_tcp = false;
    bool tcp_was_tried = false;
    bool may_have_arrived = false;
    bool has_ended = false;
    std::string trouble{};
  };

  void SendUdp(Pending& pending, SteadyTime now);
  void SendTcp(Pending& pending);
  bool ConnectTcp();
  void WriteTcp();
  void ReadTcp();
  void Take(std::string message, os::SocketKind from);
  void FailUdp(const std::string& reason);
  void FailTcp(const std::string& reason);
  void Finish(Pending& pending, Result<std::string> reply);
  void GiveUp(Pending& pending, const std::string& reason);

  ServerAddress server_;
  os::Socket udp_{};
  os::Socket tcp_{};
  bool tcp_connected_ = false;
  std::string tcp_out_{};
  std::string tcp_in_{};
  std::vector<Pending> pending_{};
  std::vector<NumberedReply> finished_{};
};

}  // namespace base::dns
