// SPDX-License-Identifier: MPL-2.0
// CaTransport: what a CA can make this machine connect to. Every URL after the directory's comes from the CA.
#pragma once

#include <memory>
#include <string>

#include "base/http/transport.h"

namespace engine::acme {

class CaTransport final : public base::http::Transport {
 public:
  CaTransport(std::shared_ptr<base::http::Transport> inner, std::string directory_url)
      : inner_(std::move(inner)), directory_url_(std::move(directory_url)) {}

  // Errors: besides the inner transport's, kProtocol for a URL that is not https, unless it is of the directory's own origin.
  base::Result<base::http::Response> Send(const base::Call& call, const base::http::Request& request) override;

 private:
  const std::shared_ptr<base::http::Transport> inner_;  // shared: one connection pool per CA
  const std::string directory_url_;
};

}  // namespace engine::acme
