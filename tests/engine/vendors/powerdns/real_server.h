// SPDX-License-Identifier: MPL-2.0
// A real PowerDNS on loopback, on ports free at run time, with the zone example.test and its HTTP API; killed by its pid at the
// end.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/connections/connection.h"

namespace tests {

class PowerdnsServer {
 public:
  static constexpr const char* kKey = "api-key-canary-0123456789";

  // Blocks until the server answers. `problem` is empty when it does.
  PowerdnsServer();
  ~PowerdnsServer();
  PowerdnsServer(const PowerdnsServer&) = delete;
  PowerdnsServer& operator=(const PowerdnsServer&) = delete;

  const std::string& problem() const { return problem_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(api_port_); }
  engine::connections::Connection Connect() const;

  // The TXT values at a name as dig sees them, sorted, without quotes.
  std::vector<std::string> DigTxt(const std::string& name) const;
  // What dig prints for the name's TXT set, TTLs included.
  std::string DigLines(const std::string& name) const;
  // Runs pdnsutil with these arguments; what it prints.
  std::string Pdnsutil(const std::string& arguments) const;

 private:
  void WriteFiles() const;
  void Start();
  bool WaitUntilReady() const;

  std::string folder_;
  std::uint16_t dns_port_ = 0;
  std::uint16_t api_port_ = 0;
  pid_t pid_ = -1;
  std::string problem_;
};

// Tests that need PowerDNS: without it they fail under CI, and say elsewhere that they were skipped.
class WithPowerdns : public testing::Test {
 protected:
  void SetUp() override;
};

}  // namespace tests
