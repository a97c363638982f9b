// SPDX-License-Identifier: MPL-2.0
// Where requests may go without TLS. The transport applies it to every request and to every address that it connects to;
// whoever knows the attribute that a URL comes from applies it earlier.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/http/request.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "base/url.h"

namespace base::http {

// True if the host is one of the metadata services of clouds, which have no TLS and answer the machine itself alone.
bool IsMetadataHost(std::string_view host);

// Errors: kInvalid for a URL without TLS that `allowed` does not cover. A name is judged when it is connected to
// (MayConnectPlain), unless nothing that it can lead to is allowed.
Result<void> CheckPlainHttp(const Url& url, PlainHttp allowed);

// True if a request without TLS to `url`, which CheckPlainHttp allows, may connect to this socket address (a system's sockaddr).
bool MayConnectPlain(const Url& url, PlainHttp allowed, const void* socket_address);

// Lets requests go without TLS to private addresses, for a connection whose user allows that.
class PrivateHttpTransport final : public Transport {
 public:
  explicit PrivateHttpTransport(std::shared_ptr<Transport> inner) : inner_(std::move(inner)) {}

  Result<Response> Send(const Call& call, const Request& request) override;

 private:
  const std::shared_ptr<Transport> inner_;  // shared: with whoever sends the requests of other connections
};

}  // namespace base::http
