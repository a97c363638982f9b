// SPDX-License-Identifier: MPL-2.0
// A transport that answers as a function says, and keeps what was sent. Safe from many threads, if the function is.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "base/http/transport.h"

namespace tests {

class HandlerTransport final : public base::http::Transport {
 public:
  using Handler = std::function<base::Result<base::http::Response>(const base::Call&, const base::http::Request&)>;

  explicit HandlerTransport(Handler handler) : handler_(std::move(handler)) {}

  base::Result<base::http::Response> Send(const base::Call& call, const base::http::Request& request) override {
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    {
      std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    return handler_(call, request);
  }

  std::vector<base::http::Request> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  const Handler handler_;
  mutable std::mutex mutex_;
  std::vector<base::http::Request> requests_;
};

// The value of a request's header; empty when it has none.
inline std::string HeaderOf(const base::http::Request& request, std::string_view name) {
  for (const base::http::Header& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

}  // namespace tests
