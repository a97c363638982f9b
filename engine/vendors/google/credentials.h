// SPDX-License-Identifier: MPL-2.0
// Google Cloud's credentials: a service account's key, workload identity federation (a file or URL with a foreign token), or the
// metadata server of a machine at Google; on top of each, impersonation. https://google.aip.dev/auth
// Left out: credentials of users (gcloud auth login) and federation from AWS.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/crypto/key.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/shared_objects.h"
#include "engine/connections/token_cache.h"

namespace engine::vendors::google {

// Of tokens that may do whatever the account may.
inline constexpr std::string_view kAnyScope = "https://www.googleapis.com/auth/cloud-platform";

struct GoogleServiceAccount {
  std::string email;
  std::string key_id;
  std::string token_url;
  base::crypto::PrivateKey key;
};

struct GoogleFederation {
  std::string audience;
  std::string subject_token_type;
  std::string token_url;
  std::string impersonation_url;  // empty: none
  std::string file;               // where the foreign token is: a file, or
  std::string url;                // an URL, asked with
  std::vector<base::http::Header> headers;
  std::string token_member;  // of JSON; empty: the token is the whole text
};

// What credentials_json says; with neither, the metadata server is asked.
struct GoogleIdentity {
  std::optional<GoogleServiceAccount> service_account{};
  std::optional<GoogleFederation> federation{};
  std::string project{};  // empty when the credentials name none
};

// Errors: kInvalid, saying what is wrong; never with the text itself.
base::Result<GoogleIdentity> ParseGoogleCredentials(const base::Secret& json);

// Access tokens, fetched when needed and kept until shortly before they expire. Safe from many threads.
class GoogleCredentials {
 public:
  // `impersonate`: the e-mail address of a service account; empty: none.
  GoogleCredentials(GoogleIdentity identity, std::string impersonate, std::string scope)
      : identity_(std::move(identity)), impersonate_(std::move(impersonate)), scope_(std::move(scope)) {}

  // Errors: kDenied (refused; error.code is Google's word for it), kUnavailable, kInvalid (the foreign token cannot be read).
  base::Result<base::Secret> GetToken(const base::Call& call, base::http::Transport& transport);
  // It was refused: it is not given again.
  void Forget(const base::Secret& token);

 private:
  using Token = connections::Expiring<base::Secret>;

  base::Result<Token> Fetch(const base::Call& call, base::http::Transport& transport) const;
  base::Result<Token> FetchByKey(const base::Call& call, base::http::Transport& transport,
                                 const GoogleServiceAccount& account) const;
  base::Result<Token> FetchByFederation(const base::Call& call, base::http::Transport& transport,
                                        const GoogleFederation& federation) const;
  base::Result<Token> FetchFromMachine(const base::Call& call, base::http::Transport& transport) const;
  base::Result<Token> Impersonate(const base::Call& call, base::http::Transport& transport, const std::string& url,
                                  const Token& token) const;
  base::Result<base::Secret> ReadForeignToken(const base::Call& call, base::http::Transport& transport,
                                              const GoogleFederation& federation) const;
  std::string_view SourceScope() const;

  GoogleIdentity identity_;
  std::string impersonate_;
  std::string scope_;
  connections::TokenCache<base::Secret> token_;
};

// Those of this text: a hundred certificates need one token. `json`: what `identity` was parsed from; empty for the machine's
// own.
std::shared_ptr<GoogleCredentials> SharedGoogleCredentials(const base::Secret& json, GoogleIdentity identity,
                                                           std::string impersonate, std::string scope,
                                                           base::SharedObjects& shared);

}  // namespace engine::vendors::google
