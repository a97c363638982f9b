// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/vault/ambient.h"

#include <utility>

#include "base/http/api_error.h"
#include "base/read_file.h"
#include "base/text.h"

namespace engine::vendors::vault {
namespace {

using base::Cat;
using base::EnvironmentReader;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Secret;

Error Unusable(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

struct Unsupported {
  const char* variable;
  std::string_view remedy;
};
constexpr Unsupported kUnsupported[] = {
    {"VAULT_AGENT_ADDR", "set VAULT_ADDR to where the agent listens"},
    {"VAULT_CAPATH", "set VAULT_CACERT to a file instead"},
    {"VAULT_HTTP_PROXY", "set HTTPS_PROXY instead"},
    {"VAULT_PROXY_ADDR", "set HTTPS_PROXY instead"},
    {"VAULT_TLS_SERVER_NAME", "use the name in the server's certificate as its address"},
};

// The content of the file; empty if the variable is not set.
Result<Secret> ReadFileOf(const EnvironmentReader& environment, const char* variable) {
  const auto path = environment(variable);
  if (!path) return Secret();
  auto content = base::ReadSmallFile(*path);
  if (!content) return Unusable(Cat("the file that ", variable, " names cannot be read"));
  return content;
}

}  // namespace

Result<VaultServer> FindAmbientServer(const EnvironmentReader& environment) {
  const auto url = environment("VAULT_ADDR");
  if (!url) return Unusable("set `server_url`, or VAULT_ADDR in the environment");
  for (const auto& [variable, remedy] : kUnsupported) {
    if (environment(variable)) return Unusable(Cat(variable, " is not supported: ", remedy));
  }
  const std::string skip = environment("VAULT_SKIP_VERIFY").value_or("false");
  if (skip != "0" && !base::EqualsIgnoreCase(skip, "false")) {
    return Unusable("VAULT_SKIP_VERIFY is not supported: give the server's CA as VAULT_CACERT instead");
  }
  const auto ca = ReadFileOf(environment, "VAULT_CACERT");
  if (!ca) return ca.error();
  const auto certificate = ReadFileOf(environment, "VAULT_CLIENT_CERT");
  if (!certificate) return certificate.error();
  auto key = ReadFileOf(environment, "VAULT_CLIENT_KEY");
  if (!key) return std::move(key).error();
  if (certificate->empty() != key->empty()) return Unusable("VAULT_CLIENT_CERT and VAULT_CLIENT_KEY go together");
  return VaultServer{.url = *url,
                     .vault_namespace = environment("VAULT_NAMESPACE").value_or(""),
                     .ca_pem = std::string(ca->Reveal()),
                     .client_certificate_pem = std::string(certificate->Reveal()),
                     .client_key_pem = *std::move(key)};
}

Result<Secret> FindAmbientToken(const EnvironmentReader& environment) {
  Secret text(environment("VAULT_TOKEN").value_or(""));
  if (text.empty()) {
    auto file = base::ReadSmallFile(environment("HOME").value_or("") + "/.vault-token");
    if (!file) return Unusable("there is no way to log in: set `token` or one of the blocks, or VAULT_TOKEN in the environment");
    text = *std::move(file);
  }
  auto token = base::http::ParseHeaderSecret(text.Reveal());
  if (!token) return Unusable(Cat("the token of the environment or of ~/.vault-token cannot be right: ", token.error().message));
  return Secret(*std::move(token));
}

}  // namespace engine::vendors::vault
