// SPDX-License-Identifier: MPL-2.0
// An HTTP proxy that takes CONNECT alone, and connects to one port of loopback whatever host was asked for.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests {

class TunnelProxy {
 public:
  explicit TunnelProxy(int target_port);
  TunnelProxy(const TunnelProxy&) = delete;
  TunnelProxy& operator=(const TunnelProxy&) = delete;
  ~TunnelProxy();

  std::string url() const;

 private:
  void Accept();
  void Serve(int client);

  int target_port_;
  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;  // guarded by mutex_, like the one below
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

}  // namespace tests
