// SPDX-License-Identifier: MPL-2.0
// A transport that answers from a script and keeps what was sent. Safe from many threads.
#pragma once

#include <deque>
#include <mutex>
#include <vector>

#include "base/http/transport.h"

namespace tests {

class FakeTransport final : public base::http::Transport {
 public:
  explicit FakeTransport(std::vector<base::Result<base::http::Response>> answers) : answers_(answers.begin(), answers.end()) {}

  base::Result<base::http::Response> Send(const base::Call& call, const base::http::Request& request) override {
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (answers_.empty()) return base::Error{base::ErrorKind::kInternal, "the script has no more answers"};
    auto answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

  std::vector<base::http::Request> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<base::Result<base::http::Response>> answers_;
  std::vector<base::http::Request> requests_;
};

}  // namespace tests
