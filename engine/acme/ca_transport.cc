// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/ca_transport.h"

#include "base/url.h"
#include "engine/acme/ca_url.h"

namespace engine::acme {

base::Result<base::http::Response> CaTransport::Send(const base::Call& call, const base::http::Request& request) {
  const auto url = base::ParseUrl(request.url);
  if (!url) return url.error();
  const auto directory = base::ParseUrl(directory_url_);
  // A directory without TLS is on this machine: the transport refuses any other.
  const bool is_fine = url->scheme == "https" || (directory && directory->scheme == "http" && url->host == directory->host);
  if (is_fine) return inner_->Send(call, request);
  return NotHttps(*url);
}

}  // namespace engine::acme
