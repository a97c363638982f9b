// SPDX-License-Identifier: MPL-2.0
// The fake ACME server behind HTTP on loopback, for clients of others.
#pragma once

#include <functional>
#include <latch>
#include <optional>
#include <string>

#include "tests/support/fake_acme_server.h"
#include "tests/support/loopback_http.h"

namespace tests {

class ServedAcme {
 public:
  // Sees each request before the CA does; an answer of its own keeps the request from it. Called from many threads.
  using First = std::function<std::optional<Reply>(FakeAcmeServer&, const base::http::Request&)>;

  explicit ServedAcme(First first);

  FakeAcmeServer& ca() { return ca_; }
  std::string Url() const { return server_.Url(""); }

 private:
  Reply Answer(base::http::Request request);

  const First first_;
  FakeAcmeServer ca_;
  std::latch has_url_{1};  // the server is up before the CA knows where
  LoopbackServer server_;
};

}  // namespace tests
