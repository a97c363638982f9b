// SPDX-License-Identifier: MPL-2.0
// The HTTP API of HashiCorp Vault and OpenBao (https://developer.hashicorp.com/vault/api-docs): logging in, and the key/value
// engine, version 2.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/token_cache.h"

namespace engine::vendors::vault {

// How a token is come by.
struct VaultLogin {
  enum class Method { kToken, kApprole, kJwt, kKubernetes, kUserpass, kLdap, kCertificate };

  Method method = Method::kToken;
  base::Secret secret{};     // the token; the AppRole's secret id (may be empty); the JWT; the password
  std::string token_file{};  // where the JWT is, when `secret` is empty; read at each login
  std::string mount{};       // of the auth method: "approle", "jwt", "kubernetes" and so on
  std::string role{};        // its role; the AppRole's role id; the user's name
};

// What an error was met while doing.
constexpr std::string_view kLoggingIntoVault = "logging in to Vault";

// Safe from many threads: one of them logs in, the others wait for it.
class VaultApi {
 public:
  // `url`: without /v1 and final slash. `vault_namespace`: empty where there are none.
  VaultApi(std::shared_ptr<base::http::Transport> transport, std::string url, std::string vault_namespace, VaultLogin login);

  // True at the first call only.
  bool IsFirstUse() { return !is_used_.exchange(true); }
  // Best effort: revokes the tokens that logins gave to this process. One that was configured is never revoked.
  void RevokeTokens(const base::Call& call);

  // The whole answer to a GET of `path` (below /v1/, encoded); empty when nothing is there. A version that was deleted is told
  // of with its metadata alone. Errors: kNotFound (no such mount or namespace), kDenied, …
  base::Result<std::optional<base::Json>> Read(const base::Call& call, std::string_view path);
  // POST or DELETE; a null `body` is none. The answer's object; null for an empty one. Sent again after a lost answer.
  // Errors: kConflict (check-and-set found another version), kNotFound, kDenied, …
  base::Result<base::Json> Change(const base::Call& call, std::string_view method, std::string_view path,
                                  const base::Json& body = {});

 private:
  base::Result<base::Secret> GetToken(const base::Call& call);
  base::Result<connections::Expiring<base::Secret>> LogIn(const base::Call& call);
  base::Result<base::http::Response> Send(const base::Call& call, std::string_view method, std::string_view path,
                                          const base::Json& body, const base::Secret* token) const;

  const std::shared_ptr<base::http::Transport> transport_;  // shared: either the process's, or one for a private CA alone
  const std::string url_;
  const std::string namespace_;
  const VaultLogin login_;
  connections::TokenCache<base::Secret> token_;
  std::atomic<bool> is_used_ = false;
  std::mutex mutex_;
  std::vector<base::Secret> logged_in_;  // tokens that logins gave; guarded by mutex_
};

// "a b/c" as a path of the API: each part between slashes percent-encoded.
std::string EncodeVaultPath(std::string_view path);

}  // namespace engine::vendors::vault
