// SPDX-License-Identifier: MPL-2.0
// A real BIND on loopback, on ports free at run time, with zones and TSIG keys for tests; killed by its pid at the end.
//   example.test       every key below may change TXT records; two static delegations by CNAME
//   sub.example.test   delegated to the same server, same policy
//   other.test         same policy: where CNAMEs lead to
//   strict.test        only the key "strict." may change TXT records, and only at _acme-challenge.strict.test
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/connections/connection.h"

namespace tests {

struct BindKey {
  std::string_view name;
  std::string_view algorithm;
  std::string_view secret;  // base64
};
inline constexpr BindKey kSha256Key{"key-sha256.", "hmac-sha256", "c2VjcmV0LWNhbmFyeS1vZi10aGUtMjU2LWtleS0wMDA="};
inline constexpr BindKey kSha384Key{"key-sha384.", "hmac-sha384", "c2VjcmV0LWNhbmFyeS1vZi10aGUtMzg0LWtleS0wMDA="};
inline constexpr BindKey kSha512Key{"key-sha512.", "hmac-sha512", "c2VjcmV0LWNhbmFyeS1vZi10aGUtNTEyLWtleS0wMDA="};
inline constexpr BindKey kStrictKey{"strict.", "hmac-sha256", "c2VjcmV0LWNhbmFyeS1vZi10aGUtc3RyaWN0LWtleSE="};

class BindServer {
 public:
  static bool IsInstalled();

  // Blocks until the server answers. `problem` is empty when it does.
  BindServer();
  ~BindServer();
  BindServer(const BindServer&) = delete;
  BindServer& operator=(const BindServer&) = delete;

  const std::string& problem() const { return problem_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }
  const std::string& folder() const { return folder_; }

  // An rfc2136 connection to this server.
  engine::connections::Connection Connect(const BindKey& key) const;

  // The TXT values at a name as dig sees them, sorted, without quotes.
  std::vector<std::string> DigTxt(const std::string& name) const;
  // Runs nsupdate with these commands under the key; what it prints is empty on success.
  std::string Nsupdate(const BindKey& key, const std::string& commands) const;

 private:
  void WriteFiles() const;
  void Start();
  bool WaitUntilReady();

  std::string folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
  std::string problem_;
};

// Tests that need BIND: without it they fail under CI, and say elsewhere that they were skipped.
class WithBind : public testing::Test {
 protected:
  void SetUp() override;
};

}  // namespace tests
