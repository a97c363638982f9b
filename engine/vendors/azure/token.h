// SPDX-License-Identifier: MPL-2.0
// Access tokens of Microsoft Entra ID for Azure's APIs: with a client's secret or certificate, a federated token (workload
// identity, CI systems), as the machine at Azure that runs this (managed identity), or as whoever is logged in with Azure's
// command-line tool. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/crypto/key.h"
#include "base/environment.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"
#include "engine/connections/token_cache.h"
#include "engine/connections/user_program.h"

namespace engine::vendors::azure {

struct AzureCloud {
  std::string_view name;  // "public", "usgovernment", "china"
  std::string_view authority_url;
  std::string_view management_url;  // of Azure Resource Manager; tokens for it name it too
};

// Null when there is none of that name.
const AzureCloud* FindAzureCloud(std::string_view name);

struct AzureCertificate {
  base::crypto::PrivateKey key;
  std::string sha1;  // raw bytes, of the certificate's DER
  std::string sha256;
  std::vector<std::string> chain;  // DER, the certificate itself first
};

// A certificate and its unencrypted RSA key in one PEM, in any order; or a PKCS #12 file, also in base64, with its password.
// Errors: kInvalid, never with the text itself.
base::Result<AzureCertificate> ParseAzureCertificate(const base::Secret& text, const base::Secret& password = {});

enum class AzureMethod { kSecret, kCertificate, kFederatedToken, kOidcRequest, kManagedIdentity, kCli };

struct AzureSettings {
  AzureMethod method = AzureMethod::kManagedIdentity;
  std::string authority_url{};  // without a final slash
  std::string tenant_id{};
  std::string client_id{};  // of a managed identity: which of the machine's; empty: the only one
  base::Secret client_secret{};
  base::Secret client_certificate{};    // PEM or PKCS #12, with
  base::Secret certificate_password{};  // its password
  bool sends_chain = false;             // for applications that trust a certificate by its name and issuer
  std::string token_file{};             // read anew for each token: who writes it replaces it
  base::Secret federated_token{};       // instead of the file
  std::string oidc_request_url{};       // where a CI system gives one out, asked with
  base::Secret oidc_request_token{};
  std::string service_connection_id{};  // of Azure DevOps; empty: it is GitHub's protocol
  std::string object_id{};              // which managed identity, instead of the client id
  std::string resource_id{};            // likewise
};

// What an error of AzureTokens was met while doing.
constexpr std::string_view kGettingAzureToken = "getting an access token from Azure";

// Tokens, fetched when needed and kept until shortly before they expire. Safe from many threads: one of them fetches, the others
// wait for it.
class AzureTokens {
 public:
  // RunUserProgram, or a test's.
  using ProgramRunner = std::function<base::Result<base::ProgramOutcome>(const base::Call&, const connections::UserProgram&)>;

  AzureTokens(AzureSettings settings, base::EnvironmentReader environment, ProgramRunner run);

  // For a `resource` such as "https://management.azure.com". Blocks while it is fetched.
  // Errors: kDenied, kInvalid (error.code is Entra's, such as "AADSTS7000215"), kUnavailable, kCancelled, kTimeout.
  base::Result<base::Secret> Get(const base::Call& call, base::http::Transport& transport, const std::string& resource);
  // It was refused: it is not given again.
  void Forget(const std::string& resource, const base::Secret& token);

 private:
  using Token = connections::Expiring<base::Secret>;

  base::Result<Token> Fetch(const base::Call& call, base::http::Transport& transport, const std::string& resource) const;
  base::Result<Token> FetchFromEntra(const base::Call& call, base::http::Transport& transport, const std::string& resource) const;
  base::Result<Token> FetchFromMachine(const base::Call& call, base::http::Transport& transport,
                                       const std::string& resource) const;
  base::Result<Token> FetchFromCli(const base::Call& call, const std::string& resource) const;
  static base::Result<Token> ReadAnswer(const base::Call& call, const base::http::Response& response);
  base::Result<base::Secret> MakeAssertion(const std::string& audience, base::TimePoint now) const;
  base::Result<base::Secret> GetProof(const base::Call& call, base::http::Transport& transport,
                                      const std::string& audience) const;
  base::Result<base::Secret> RequestFederatedToken(const base::Call& call, base::http::Transport& transport) const;

  const AzureSettings settings_;
  const base::EnvironmentReader environment_;
  const ProgramRunner run_;
  connections::TokenCache<base::Secret> tokens_;  // by resource
};

// Those of these settings: a hundred certificates need one token.
std::shared_ptr<AzureTokens> SharedAzureTokens(const AzureSettings& settings, const connections::Deps& deps);

}  // namespace engine::vendors::azure
