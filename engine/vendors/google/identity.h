// SPDX-License-Identifier: MPL-2.0
// Who one is at Google Cloud, as a credentials file says it, or as Google's own libraries would find it (Application Default
// Credentials, https://cloud.google.com/docs/authentication/application-default-credentials).
// Left out, with an error that says so: federation from AWS, by a program or by a client certificate, federated users, and
// universes other than googleapis.com.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto/key.h"
#include "base/environment.h"
#include "base/http/request.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::vendors::google {

struct GoogleServiceAccount {
  std::string email;
  std::string key_id;
  std::string token_url;
  base::crypto::PrivateKey key;
};

// Who logged in with `gcloud auth application-default login`.
struct GoogleUser {
  std::string client_id;
  base::Secret client_secret;
  base::Secret refresh_token;
};

struct GoogleFederation {
  std::string audience;
  std::string subject_token_type;
  std::string token_url;
  std::string client_id;  // with the secret, of an OAuth client; empty: none
  base::Secret client_secret;
  std::string user_project;  // of a workforce pool; empty: none
  std::string file;          // where the foreign token is: a file, or
  std::string url;           // an URL, asked with
  std::vector<base::http::Header> headers;
  std::string token_member;  // of JSON; empty: the token is the whole text
};

// A service account that is acted as.
struct GoogleImpersonation {
  std::string url;  // ".../serviceAccounts/<email>:generateAccessToken"
  std::vector<std::string> delegates{};
  std::chrono::seconds lifetime{3600};
};

// One of the first four; with none of them, the machine's metadata server is asked.
struct GoogleIdentity {
  std::optional<GoogleServiceAccount> service_account{};
  std::optional<GoogleUser> user{};
  std::optional<GoogleFederation> federation{};
  std::optional<base::Secret> access_token{};
  std::string metadata_host = "metadata.google.internal";
  std::optional<GoogleImpersonation> impersonation{};  // with what one of the above gives
  std::string project{};                               // empty when the credentials name none
  std::string quota_project{};                         // which is charged for the requests; empty: the resource's own
  std::string digest{};                                // of all that it was made from
};

// Errors: kInvalid, saying what is wrong; never with the text itself.
base::Result<GoogleIdentity> ParseGoogleCredentials(const base::Secret& json);

base::Result<GoogleIdentity> MakeAccessTokenIdentity(const base::Secret& token);

// The first of: GOOGLE_OAUTH_ACCESS_TOKEN; GOOGLE_CREDENTIALS, GOOGLE_CLOUD_KEYFILE_JSON, GCLOUD_KEYFILE_JSON (a file or its
// content); the file GOOGLE_APPLICATION_CREDENTIALS; gcloud's file in CLOUDSDK_CONFIG or HOME; the machine.
// Errors: kInvalid, which names the source.
base::Result<GoogleIdentity> FindAmbientIdentity(const base::EnvironmentReader& environment);

// The project that the environment names; empty: none.
std::string FindAmbientProject(const base::EnvironmentReader& environment);

}  // namespace engine::vendors::google
