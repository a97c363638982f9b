// SPDX-License-Identifier: MPL-2.0
// Transport: the one virtual call through which every HTTP request leaves.
#pragma once

#include <memory>
#include <string>

#include "base/call.h"
#include "base/http/request.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::http {

class Transport {
 public:
  virtual ~Transport() = default;
  // Any complete response, whatever its status. Blocks until then; safe from many threads.
  // Errors: kCancelled (within 100 ms of the stop request), kTimeout, kUnavailable (no connection, reset, TLS handshake cut;
  // Delivery::kNotSent if the request never left), kUntrusted (the server's certificate), kInvalid (not a URL; without TLS, and
  // Request::plain_http forbids that), kProtocol (not HTTP, body over the limit).
  virtual Result<Response> Send(const Call& call, const Request& request) = 0;
};

struct TransportOptions {
  std::string user_agent{};              // empty: libcurl sends none
  std::string extra_roots_pem{};         // trusted besides the system's roots
  std::string client_certificate_pem{};  // with its chain; empty: none is shown
  Secret client_key_pem{};
};

// libcurl on a thread of its own: connections (HTTP/2 where the server has it) are kept
// alive and shared by all callers. Verification is always on; proxy variables are honoured unless a request says otherwise.
// Errors: kInvalid (extra_roots_pem holds no certificate). A client certificate that cannot be used shows when something is sent.
Result<std::shared_ptr<Transport>> MakeCurlTransport(const TransportOptions& options);

}  // namespace base::http
