// SPDX-License-Identifier: MPL-2.0
// A DNS server on loopback (UDP and TCP on one port, a thread of its own) that answers by script: what it is asked is kept, what
// it says may be wrong in every way a real one's answer can be.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/call.h"
#include "base/dns/message.h"
#include "base/dns/server_address.h"
#include "base/dns/tsig.h"

namespace tests {

struct DnsAsked {
  std::string name;  // of the first question, absolute, lower case
  std::string type;  // "TXT"
  bool by_tcp = false;
  bool wants_recursion = false;
  std::size_t nth = 1;  // how often this name and type was asked by now
  std::string wire;
};

struct DnsAnswer {
  base::dns::Rcode rcode = base::dns::Rcode::kNoError;
  std::vector<std::string> answers{};  // as in a zone file: "a.test. 60 IN TXT value"
  std::vector<std::string> authority{};
  bool is_authoritative = true;
  bool is_dropped = false;
  bool is_truncated = false;  // by UDP only
  bool has_wrong_id = false;
  bool has_wrong_question = false;
  bool closes_connection = false;  // TCP: instead of an answer
  std::string raw{};               // sent as it is, behind the right id, when not empty
};

class FakeDnsServer {
 public:
  using Script = std::function<DnsAnswer(const DnsAsked&)>;
  enum class Speaks { kUdpAndTcp, kUdpOnly, kTcpOnly };
  enum class Family { kV4, kV6 };

  explicit FakeDnsServer(Script script, Speaks speaks = Speaks::kUdpAndTcp, Family family = Family::kV4);
  ~FakeDnsServer();
  FakeDnsServer(const FakeDnsServer&) = delete;
  FakeDnsServer& operator=(const FakeDnsServer&) = delete;

  base::dns::ServerAddress address() const;
  std::string text() const { return base::dns::ToText(address()); }
  std::vector<DnsAsked> asked() const;
  void WaitUntilAsked() const;

 private:
  class Sockets;

  void Serve(const std::stop_token& stop);
  // The reply's bytes; empty: none.
  std::string Reply(const std::string& wire, bool by_tcp, bool& closes);

  Script script_;
  std::string host_;
  std::unique_ptr<Sockets> sockets_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<DnsAsked> asked_;
  std::jthread thread_;  // last: it uses all the others
};

// "name 60 IN TXT \"value\"".
std::string TxtLine(const std::string& name, const std::string& value);

// A call on the real clock: sockets do not run by a fake one.
base::Call RealCall(std::chrono::milliseconds limit = std::chrono::seconds(20), std::stop_token stop = {});

}  // namespace tests
