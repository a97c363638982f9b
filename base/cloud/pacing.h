// SPDX-License-Identifier: MPL-2.0
// PacedTransport: puts a vendor's own way to say "too fast" into the standard's words, 429 with Retry-After, so that the retries
// of base/http/client.h understand it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/http/transport.h"

namespace base::cloud {

class PacedTransport final : public http::Transport {
 public:
  // How long to wait when the response means "too fast"; empty for any other.
  using FindPause = std::optional<std::chrono::seconds> (*)(const http::Response&, TimePoint now);

  // `inner` is borrowed; outlives this.
  PacedTransport(http::Transport& inner, FindPause find) : inner_(&inner), find_(find) {}

  Result<http::Response> Send(const Call& call, const http::Request& request) override {
    auto response = inner_->Send(call, request);
    if (!response || response->Find("retry-after")) return response;
    const auto pause = find_(*response, call.Now());
    if (!pause) return response;
    response->status = 429;
    response->headers.push_back({"Retry-After", std::to_string(pause->count())});
    return response;
  }

 private:
  http::Transport* inner_;
  FindPause find_;
};

}  // namespace base::cloud
