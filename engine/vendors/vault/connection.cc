// SPDX-License-Identifier: MPL-2.0
// HashiCorp Vault and OpenBao: a token or a login, given or found as Vault's own command line does.
#include "engine/vendors/vault/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/end_hooks.h"
#include "base/environment.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/private_tls.h"
#include "engine/connections/shared_client.h"
#include "engine/vendors/vault/ambient.h"
#include "engine/vendors/vault/vendor.h"

namespace engine::vendors::vault {
namespace {

using base::Cat;
using base::ErrorKind;
using base::FieldKind;
using base::Secret;
using connections::Blame;
using connections::CheckCaCertificate;
using connections::CheckHeaderSecret;
using connections::CheckUrl;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::MakePrivateTransport;
using connections::ParseConnectionUrl;
using Method = VaultLogin::Method;

constexpr std::string_view kServiceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

constexpr std::array kApproleFields{
    base::ConfigField{.name = "role_id", .required = true, .doc = "The role's id.", .identity = true},
    base::ConfigField{.name = "secret_id", .secret = true, .doc = "The secret id, unless the role needs none."},
    base::ConfigField{.name = "mount", .doc = "Where the auth method is mounted. `approle` if not set.", .identity = true},
};

constexpr std::array kJwtFields{
    base::ConfigField{.name = "role", .required = true, .doc = "The role.", .identity = true},
    base::ConfigField{
        .name = "token", .secret = true, .doc = "The JWT. One that differs on each run needs `credentials_version`."},
    base::ConfigField{.name = "token_file",
                      .doc = "The file that the JWT is in; read when it is needed, and goes before `token`."},
    base::ConfigField{.name = "mount", .doc = "Where the auth method is mounted. `jwt` if not set.", .identity = true},
};

constexpr std::array kKubernetesFields{
    base::ConfigField{.name = "role", .required = true, .doc = "The role.", .identity = true},
    base::ConfigField{.name = "token_file",
                      .doc = "The file that the service account's token is in. Kubernetes' own place for it if not set."},
    base::ConfigField{.name = "mount", .doc = "Where the auth method is mounted. `kubernetes` if not set.", .identity = true},
};

constexpr std::array kUserFields{
    base::ConfigField{.name = "username", .required = true, .doc = "The user's name.", .identity = true},
    base::ConfigField{.name = "password", .secret = true, .doc = "The user's password."},
    base::ConfigField{.name = "mount", .doc = "Where the auth method is mounted. The block's name if not set.", .identity = true},
};

constexpr std::array kCertFields{
    base::ConfigField{.name = "role", .required = true, .doc = "The role, which the auth method calls `name`.", .identity = true},
    base::ConfigField{.name = "mount", .doc = "Where the auth method is mounted. `cert` if not set.", .identity = true},
};

constexpr std::array kConnectionFields{
    base::ConfigField{
        .name = "server_url",
        .doc = "The server's URL, such as `https://vault.example.com:8200`. Without it: what `VAULT_ADDR` and the other "
               "variables of Vault's command line say.",
        .identity = true},
    connections::kAllowHttpField,
    base::ConfigField{.name = "namespace",
                      .doc = "The namespace that everything is in, such as `team-a/web`; none if not set.",
                      .identity = true},
    base::ConfigField{.name = "ca_certificate_pem",
                      .doc = "The CA that signed the server's certificate, as PEM, if it is a private one."},
    base::ConfigField{.name = "client_certificate_pem",
                      .doc = "A client's certificate, as PEM, for a server that asks for one, and for `cert`."},
    base::ConfigField{
        .name = "client_key_pem", .secret = true, .doc = "The key of `client_certificate_pem`, as PEM, unencrypted."},
    base::ConfigField{.name = "token",
                      .secret = true,
                      .doc =
                          "A token; not looked at when one of the blocks below is set. Without any way to log in: `VAULT_TOKEN`, "
                          "else what `vault login` left in `~/.vault-token`."},
    base::ConfigField{.name = "approle", .kind = FieldKind::kBlock, .doc = "A login by AppRole.", .members = kApproleFields},
    base::ConfigField{.name = "jwt",
                      .kind = FieldKind::kBlock,
                      .doc = "A login by a JWT, as CI systems and clouds give them out.",
                      .members = kJwtFields},
    base::ConfigField{.name = "kubernetes",
                      .kind = FieldKind::kBlock,
                      .doc = "A login as the Kubernetes service account of the pod that runs Terraform.",
                      .members = kKubernetesFields},
    base::ConfigField{
        .name = "userpass", .kind = FieldKind::kBlock, .doc = "A login by user name and password.", .members = kUserFields},
    base::ConfigField{.name = "ldap",
                      .kind = FieldKind::kBlock,
                      .doc = "A login by name and password of an LDAP user.",
                      .members = kUserFields},
    base::ConfigField{
        .name = "cert", .kind = FieldKind::kBlock, .doc = "A login by `client_certificate_pem`.", .members = kCertFields},
};

// A way to log in, and what of the connection it is made of.
struct Way {
  Method method;
  std::string_view block;   // also the usual mount; empty: the token itself
  std::string_view role;    // its member that names the role
  std::string_view secret;  // its member that holds the secret; empty: none does
};

constexpr std::array<Way, 7> kWays = {{
    {Method::kToken, "", "", "token"},
    {Method::kApprole, "approle", "role_id", "secret_id"},
    {Method::kJwt, "jwt", "role", "token"},
    {Method::kKubernetes, "kubernetes", "role", ""},
    {Method::kUserpass, "userpass", "username", "password"},
    {Method::kLdap, "ldap", "username", "password"},
    {Method::kCertificate, "cert", "role", ""},
}};

const base::Settings& SettingsOf(const Connection& connection, const Way& way) {
  return way.block.empty() ? connection.settings : connection.settings.Block(way.block);
}

// Where the secret is or, for a way without one, the role.
std::string BlamedField(const Way& way) {
  const std::string_view member = way.secret.empty() ? way.role : way.secret;
  return way.block.empty() ? std::string(member) : Cat(way.block, ".", member);
}

bool IsSet(const Connection& connection, const Way& way) {
  const base::Settings& settings = SettingsOf(connection, way);
  return way.block.empty() ? settings.FindSecret(way.secret) != nullptr : !settings.Text(way.role).empty();
}

// A block goes before the token: a token that is left out of the configuration stays in the handle.
std::vector<const Way*> WaysOf(const Connection& connection) {
  std::vector<const Way*> ways;
  for (const Way& way : kWays) {
    if (IsSet(connection, way)) ways.push_back(&way);
  }
  if (ways.size() > 1 && ways.front()->method == Method::kToken) ways.erase(ways.begin());
  return ways;
}

bool IsHeaderText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char one) { return one > ' ' && one < '\x7f'; });
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  CheckUrl(connection, "server_url", problems);
  if (connection.settings.Text("server_url").ends_with("/v1")) {
    problems.push_back({"server_url", "Leave the final \"/v1\" out."});
  }
  if (!IsHeaderText(connection.settings.Text("namespace"))) problems.push_back({"namespace", "A namespace holds no space."});
  CheckCaCertificate(connection, problems);
  const auto ways = WaysOf(connection);
  if (ways.size() > 1) {
    problems.push_back({std::string(ways.back()->block), "There are several ways to log in: leave one of them."});
  }
  CheckHeaderSecret(connection, "token", problems);
  const base::Settings& jwt = connection.settings.Block("jwt");
  CheckHeaderSecret(connection.settings.Block("approle").FindSecret("secret_id"), "approle.secret_id", problems);
  CheckHeaderSecret(jwt.FindSecret("token"), "jwt.token", problems);
  for (const Way* way : ways) {
    const bool is_user = way->method == Method::kUserpass || way->method == Method::kLdap;
    if (is_user && SettingsOf(connection, *way).FindSecret("password") == nullptr) {
      problems.push_back({BlamedField(*way), "Set the user's `password`."});
    }
  }
  connections::CheckTogether(connection, {"client_certificate_pem", "client_key_pem"}, problems);
  const bool has_jwt = jwt.FindSecret("token") != nullptr || !jwt.Text("token_file").empty();
  if (ways.size() == 1 && ways.front()->method == Method::kJwt && !has_jwt) {
    problems.push_back({"jwt.token", "Set `token` or `token_file`."});
  }
  return problems;
}

VaultLogin LoginOf(const Connection& connection, const Way& way) {
  VaultLogin login{.method = way.method};
  const base::Settings& settings = SettingsOf(connection, way);
  if (const Secret* secret = way.secret.empty() ? nullptr : settings.FindSecret(way.secret)) {
    login.secret = Secret(std::string(base::Trim(secret->Reveal())));
  }
  if (way.block.empty()) return login;
  login.mount = settings.Text("mount", way.block);
  login.role = settings.Text(way.role);
  if (way.method == Method::kJwt) login.token_file = settings.Text("token_file");
  if (way.method == Method::kKubernetes) login.token_file = settings.Text("token_file", kServiceAccountToken);
  return login;
}

// As the configuration says or, if it names no server, the environment.
base::Result<VaultServer> FindServer(const Connection& connection) {
  const base::Settings& settings = connection.settings;
  VaultServer server;
  if (settings.Text("server_url").empty()) {
    auto found = FindAmbientServer(base::Environment);
    if (!found) return Blame("server_url", std::move(found.error().message));
    server = *std::move(found);
  }
  auto url = ParseConnectionUrl(connection, settings.Text("server_url", server.url));
  if (!url) return Blame("server_url", std::move(url.error().message));
  server.url = *std::move(url);
  server.vault_namespace = settings.Text("namespace", server.vault_namespace);
  server.ca_pem = settings.Text("ca_certificate_pem", server.ca_pem);
  if (settings.Text("client_certificate_pem").empty()) return server;
  server.client_certificate_pem = settings.Text("client_certificate_pem");
  const Secret* key = settings.FindSecret("client_key_pem");
  if (key == nullptr) return Blame("client_key_pem", "client_certificate_pem is set, but client_key_pem is missing");
  server.client_key_pem = *key;
  return server;
}

base::Result<VaultLogin> FindLogin(const Connection& connection) {
  const auto ways = WaysOf(connection);
  if (!ways.empty()) return LoginOf(connection, *ways.front());
  auto token = FindAmbientToken(base::Environment);
  if (!token) return Blame("token", std::move(token.error().message));
  return VaultLogin{.secret = *std::move(token)};
}

base::Result<std::shared_ptr<VaultApi>> MakeVaultApi(const Connection& connection, const Deps& deps) {
  const auto problems = Validate(connection);
  if (!problems.empty()) return Blame(problems.front().field, problems.front().message);
  auto server = FindServer(connection);
  if (!server) return std::move(server).error();
  auto login = FindLogin(connection);
  if (!login) return std::move(login).error();
  if (login->method == Method::kCertificate && server->client_certificate_pem.empty()) {
    return Blame("client_certificate_pem", "a login by `cert` needs client_certificate_pem and client_key_pem");
  }
  auto transport = MakePrivateTransport(deps, {.extra_roots_pem = server->ca_pem,
                                               .client_certificate_pem = server->client_certificate_pem,
                                               .client_key_pem = server->client_key_pem});
  if (!transport) return Blame("ca_certificate_pem", std::move(transport.error().message));
  return std::make_shared<VaultApi>(*std::move(transport), std::move(server->url), std::move(server->vault_namespace),
                                    *std::move(login));
}

base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto api = ShareVaultApi(connection, deps);
  if (!api) return api.error();
  // Every token may look itself up: the policy "default" says so.
  auto self = (*api)->Read(call, "auth/token/lookup-self");
  if (self) return {};
  base::Error error = BlameVaultField(std::move(self).error(), connection);
  if (error.kind != ErrorKind::kDenied) error.blame = ConnectionField("server_url");
  return std::move(error).While("looking the token up");
}

}  // namespace

base::Result<std::shared_ptr<VaultApi>> ShareVaultApi(const Connection& connection, const Deps& deps) {
  auto shared = connections::ShareClient<VaultApi>(connection, deps, [&] { return MakeVaultApi(connection, deps); });
  if (shared && (*shared)->IsFirstUse()) {
    deps.shared->Get<base::EndHooks>()->Add([api = *shared](const base::Call& call) { api->RevokeTokens(call); });
  }
  return shared;
}

base::Error BlameVaultField(base::Error error, const Connection& connection) {
  const auto ways = WaysOf(connection);
  if (error.kind != ErrorKind::kDenied) return error;
  if (ways.empty()) {
    error.blame = ConnectionField("token");
    return error;
  }
  const auto& steps = error.while_doing;
  const bool is_login = std::find(steps.begin(), steps.end(), kLoggingIntoVault) != steps.end();
  const Way& way = *ways.front();
  if (is_login || way.method == Method::kToken) error.blame = ConnectionField(BlamedField(way));
  return error;
}

const ConnectionSpec kConnection{
    .kind = "vault",
    .title = "HashiCorp Vault and OpenBao",
    .doc =
        "A Vault or OpenBao server, with a token or with a login by AppRole, JWT, a Kubernetes service account, a user's password, or "
        "a client's certificate. A login gives "
        "a "
        "token for one run; it is not renewed and not stored.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::vault
