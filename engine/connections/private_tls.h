// SPDX-License-Identifier: MPL-2.0
// The transport to a server of the user's own: with a private CA, or with a client's certificate.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/crypto/certificate.h"
#include "base/http/plain_http.h"
#include "engine/connections/connection.h"

namespace engine::connections {

// What the process shares, or a transport of its own when there is something to set. Errors: kInvalid, as MakeCurlTransport.
inline base::Result<std::shared_ptr<base::http::Transport>> MakePrivateTransport(const Deps& deps,
                                                                                 base::http::TransportOptions options) {
  const bool is_plain = options.extra_roots_pem.empty() && options.client_certificate_pem.empty();
  // Without an owner: Deps outlives every use.
  if (is_plain) return std::shared_ptr<base::http::Transport>(std::shared_ptr<void>(), deps.http);
  options.user_agent = deps.user_agent;
  auto made = base::http::MakeCurlTransport(options);
  if (!made || deps.plain_http != base::http::PlainHttp::kPrivate) return made;
  return std::shared_ptr<base::http::Transport>(std::make_shared<base::http::PrivateHttpTransport>(*std::move(made)));
}

inline void CheckCaCertificate(const Connection& connection, std::vector<FieldProblem>& problems) {
  const std::string_view pem = connection.settings.Text("ca_certificate_pem");
  if (pem.empty()) return;
  if (auto parsed = base::crypto::ParseChain(pem); !parsed) {
    problems.push_back({"ca_certificate_pem", "Give the CA's certificate as PEM: " + parsed.error().message + "."});
  }
}

}  // namespace engine::connections
