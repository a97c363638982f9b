// SPDX-License-Identifier: MPL-2.0
// A small HTTP/1.1 server on loopback, with or without TLS, that answers as a test says: also wrongly, late or never.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/http/request.h"
#include "tests/support/test_ca.h"

namespace tests {

// What happens to the connection after the bytes were sent.
enum class After { kKeep, kClose, kReset, kHold };  // kHold: nothing more, until the server is destroyed

struct Reply {
  std::string bytes;  // as they go over the wire
  After after = After::kKeep;
};

// A complete answer with Content-Length.
Reply Answer(const base::http::Response& response);
Reply Answer(int status, std::string body, std::vector<base::http::Header> headers = {});

class LoopbackServer {
 public:
  using Handler =
      std::function<Reply(const base::http::Request&)>;  // the URL is the path with its query; called from many threads

  explicit LoopbackServer(Handler handler, std::optional<KeyAndCertificate> tls = std::nullopt);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  int port() const { return port_; }
  // "http://127.0.0.1:1234" + path.
  std::string Url(const std::string& path, const std::string& host = "127.0.0.1") const;
  int connections() const { return connections_; }
  std::vector<base::http::Request> requests() const;

 private:
  struct Stream;
  void Accept();
  void Serve(int socket);
  bool AnswerOne(Stream& stream);

  Handler handler_;
  void* tls_ = nullptr;  // SSL_CTX
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<base::http::Request> requests_;  // guarded by mutex_, like the two below
  std::vector<int> open_;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

// A port of loopback on which nothing listens.
int ClosedPort();

}  // namespace tests
