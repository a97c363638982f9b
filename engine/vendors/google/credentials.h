// SPDX-License-Identifier: MPL-2.0
// Access tokens of Google Cloud: by a service account's key, a user's login, a federation, or the metadata server of a machine at
// Google; on top of each, impersonation. https://google.aip.dev/auth
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/shared_objects.h"
#include "engine/connections/token_cache.h"
#include "engine/vendors/google/identity.h"

namespace engine::vendors::google {

// Of tokens that may do whatever the account may.
inline constexpr std::string_view kAnyScope = "https://www.googleapis.com/auth/cloud-platform";

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
  base::Result<Token> FetchOwn(const base::Call& call, base::http::Transport& transport) const;
  base::Result<Token> FetchByRefreshToken(const base::Call& call, base::http::Transport& transport, const GoogleUser& user) const;
  base::Result<Token> FetchByKey(const base::Call& call, base::http::Transport& transport,
                                 const GoogleServiceAccount& account) const;
  base::Result<Token> FetchByFederation(const base::Call& call, base::http::Transport& transport,
                                        const GoogleFederation& federation) const;
  base::Result<Token> FetchFromMachine(const base::Call& call, base::http::Transport& transport) const;
  base::Result<Token> Impersonate(const base::Call& call, base::http::Transport& transport,
                                  const GoogleImpersonation& impersonation, std::string_view scope, const Token& token) const;
  base::Result<base::Secret> ReadForeignToken(const base::Call& call, base::http::Transport& transport,
                                              const GoogleFederation& federation) const;
  std::string_view SourceScope() const;

  GoogleIdentity identity_;
  std::string impersonate_;
  std::string scope_;
  connections::TokenCache<base::Secret> token_;
};

// Those of this identity: a hundred certificates need one token.
std::shared_ptr<GoogleCredentials> SharedGoogleCredentials(GoogleIdentity identity, std::string impersonate, std::string scope,
                                                           base::SharedObjects& shared);

}  // namespace engine::vendors::google
