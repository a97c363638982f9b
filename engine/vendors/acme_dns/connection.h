// SPDX-License-Identifier: MPL-2.0
// The acme_dns connection: an account at an acme-dns server (https://github.com/joohoi/acme-dns), which is one DNS name.
#pragma once

#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"

namespace engine::vendors::acme_dns {

class AcmeDns {
 public:
  struct Account {
    std::string username;
    base::Secret password;
    std::string subdomain;
    std::string full_domain;  // absolute
  };

  // `http` is borrowed; outlives this.
  AcmeDns(base::http::Transport& http, std::string url, Account account)
      : http_(&http), url_(std::move(url)), account_(std::move(account)) {}

  const std::string& full_domain() const { return account_.full_domain; }
  // Adds a value; the older one of the two that the account keeps goes. Sent once: a repeat would push out the other value.
  // Errors have acme-dns's word ("bad_txt") as error.code.
  base::Result<void> Update(const base::Call& call, std::string_view value) const;

 private:
  base::http::Transport* http_;
  std::string url_;
  Account account_;
};

// Errors: kInvalid, which blames the field.
base::Result<AcmeDns> MakeAcmeDns(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::acme_dns
