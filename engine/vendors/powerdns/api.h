// SPDX-License-Identifier: MPL-2.0
// The HTTP API of PowerDNS Authoritative Server, version 1 (https://doc.powerdns.com/authoritative/http-api).
#pragma once

#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::vendors::powerdns {

class PowerdnsApi {
 public:
  // `url`: where the web server is, with or without /api/v1. `transport` is borrowed; outlives this.
  PowerdnsApi(base::http::Transport& transport, std::string_view url, std::string_view server_id, base::Secret key);

  // `path` is below /api/v1/servers/<server_id>; a null `body` is none. The answer's object; null for an empty one. Everything
  // may be sent again after a lost answer.
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {}) const;

  // The server's address with its id: what tells two servers apart.
  const std::string& url() const { return url_; }

 private:
  base::http::Transport* transport_;
  std::string url_;
  base::Secret key_;
};

}  // namespace engine::vendors::powerdns
