// SPDX-License-Identifier: MPL-2.0
// Kubernetes: a server and a token or client certificate, a kubeconfig, or the cluster that this runs in.
#include "engine/vendors/kubernetes/connection.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "base/home_folder.h"
#include "base/read_file.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/private_tls.h"
#include "engine/connections/shared_client.h"
#include "engine/vendors/kubernetes/vendor.h"

namespace engine::vendors::kubernetes {
namespace {

using base::Cat;
using base::ErrorKind;
using base::Result;
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

constexpr std::array kConnectionFields{
    base::ConfigField{
        .name = "server_url",
        .doc = "The API server's URL, such as `https://10.0.0.1:6443`; goes with `ca_certificate_pem` and `token`, or with "
               "`client_certificate_pem` and `client_key_pem`.",
        .identity = true},
    base::ConfigField{.name = "ca_certificate_pem", .doc = "The CA that signed the server's certificate, as PEM."},
    base::ConfigField{.name = "token", .secret = true, .doc = "A bearer token, a service account's for example."},
    base::ConfigField{.name = "token_file",
                      .doc = "The file that a bearer token is in, instead of `token`; it is read for each request."},
    base::ConfigField{.name = "client_certificate_pem", .doc = "A client's certificate, as PEM, instead of `token`."},
    base::ConfigField{
        .name = "client_key_pem", .secret = true, .doc = "The key of `client_certificate_pem`, as PEM, unencrypted."},
    base::ConfigField{.name = "kubeconfig", .secret = true, .doc = "The content of a kubeconfig file, instead of `server_url`."},
    base::ConfigField{.name = "kubeconfig_path",
                      .doc = "The path of a kubeconfig file, instead of `server_url`; it is read when it is needed. When nothing "
                             "says how to connect: what `KUBECONFIG` names, else `~/.kube/config`.",
                      .identity = true},
    base::ConfigField{.name = "context", .doc = "The kubeconfig's context. Its current one if not set.", .identity = true},
    base::ConfigField{.name = "in_cluster",
                      .kind = base::FieldKind::kBool,
                      .doc = "Whether to use the service account of the pod that Terraform runs in."},
    connections::kAllowHttpField,
    connections::kProgramEnvironmentField,
    connections::kInheritEnvironmentField,
};

constexpr std::string_view kOneWay = "Set at most one of `server_url`, `kubeconfig`, `kubeconfig_path` and `in_cluster`.";

bool Has(const Connection& connection, std::string_view secret) {
  const Secret* found = connection.settings.FindSecret(secret);
  return found != nullptr && !found->Reveal().empty();
}

// The field that says how to connect, kubeconfig_path if none does. A kubeconfig that is left out of the configuration stays in
// the handle, so that the others go before it.
std::string_view WayOf(const Connection& connection) {
  if (connection.settings.Flag("in_cluster")) return "in_cluster";
  for (const std::string_view way : {"server_url", "kubeconfig_path"}) {
    if (!connection.settings.Text(way).empty()) return way;
  }
  return Has(connection, "kubeconfig") ? "kubeconfig" : "kubeconfig_path";
}

std::string FolderOf(std::string_view path) { return std::filesystem::path(path).parent_path().string(); }

void CheckServer(const Connection& connection, std::vector<FieldProblem>& problems) {
  CheckUrl(connection, "server_url", problems);
  const bool has_certificate = !connection.settings.Text("client_certificate_pem").empty();
  const bool has_file = !connection.settings.Text("token_file").empty();
  if (!has_certificate && !has_file && !Has(connection, "token")) {
    problems.push_back({"token", "Set `token`, `token_file`, or `client_certificate_pem` and `client_key_pem`."});
  }
  if (has_certificate && !Has(connection, "client_key_pem"))
    problems.push_back({"client_key_pem", "Set the key of `client_certificate_pem`."});
}

void CheckKubeconfigServer(const Connection& connection, const KubeAccess& access, std::vector<FieldProblem>& problems) {
  if (auto url = ParseConnectionUrl(connection, access.server); !url) {
    problems.push_back(
        {"kubeconfig", Cat("The kubeconfig's server cannot be used: ", url.error().message), connections::kAllowHttpField.name});
  }
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  const std::string_view way = WayOf(connection);
  if (way == "server_url") {
    CheckServer(connection, problems);
  } else if (!connection.settings.Text("token_file").empty()) {
    problems.push_back({"token_file", "`token_file` has no effect without `server_url`. Remove it."});
  }
  const bool is_twice = !connection.settings.Text("server_url").empty() && !connection.settings.Text("kubeconfig_path").empty();
  const bool is_more = way == "in_cluster" &&
                       (!connection.settings.Text("server_url").empty() || !connection.settings.Text("kubeconfig_path").empty());
  if (is_twice || is_more) problems.push_back({std::string(way), std::string(kOneWay)});
  if (way == "kubeconfig") {
    // Files that it names may be missing where this is only planned.
    const auto access =
        ParseKubeconfig(connection.settings.FindSecret("kubeconfig")->Reveal(), connection.settings.Text("context"), "");
    if (!access && access.error().kind == ErrorKind::kInvalid) problems.push_back({"kubeconfig", access.error().message});
    if (access) CheckKubeconfigServer(connection, *access, problems);
  }
  CheckHeaderSecret(connection, "token", problems);
  CheckCaCertificate(connection, problems);
  for (auto& [field, message] : connections::FindEnvironmentProblems(connection.settings)) {
    problems.push_back({std::string(field), std::move(message)});
  }
  return problems;
}

KubeAccess ServerAccess(const Connection& connection) {
  KubeAccess access;
  if (auto url = ParseConnectionUrl(connection, connection.settings.Text("server_url"))) access.server = *std::move(url);
  access.ca_pem = connection.settings.Text("ca_certificate_pem");
  access.client_certificate_pem = connection.settings.Text("client_certificate_pem");
  if (Has(connection, "client_key_pem")) access.client_key_pem = *connection.settings.FindSecret("client_key_pem");
  // A token that is left out of the configuration stays in the handle.
  access.token_file = connection.settings.Text("token_file");
  const bool uses_token = access.client_certificate_pem.empty() && Has(connection, "token");
  if (uses_token) access.token = Secret(std::string(base::Trim(connection.settings.FindSecret("token")->Reveal())));
  return access;
}

Result<KubeAccess> AccessOf(const Connection& connection, std::string_view way) {
  if (way == "in_cluster") return FindInClusterAccess();
  if (way == "server_url") return ServerAccess(connection);
  const std::string_view context = connection.settings.Text("context");
  if (way == "kubeconfig") return ParseKubeconfig(connection.settings.FindSecret("kubeconfig")->Reveal(), context, "");
  auto found = connection.settings.Text("kubeconfig_path").empty()
                   ? FindKubeconfigPath()
                   : Result<std::string>(base::ExpandHome(connection.settings.Text("kubeconfig_path")));
  if (!found) return std::move(found).error();
  const std::string path = *std::move(found);
  const auto content = base::ReadSmallFile(path);
  if (!content) return content.error();
  return ParseKubeconfig(content->Reveal(), context, FolderOf(path));
}

Result<std::shared_ptr<KubernetesApi>> MakeKubernetesApi(const Connection& connection, const Deps& deps) {
  const auto problems = Validate(connection);
  if (!problems.empty()) return Blame(problems.front().field, problems.front().message);
  const std::string_view way = WayOf(connection);
  auto access = AccessOf(connection, way);
  if (!access) {
    access.error().blame = ConnectionField(way);
    return std::move(access).error();
  }
  // A file that kubeconfig_path names is read here alone.
  if (auto url = ParseConnectionUrl(connection, access->server); !url) return Blame(way, std::move(url.error().message));
  auto transport = MakePrivateTransport(deps, {.extra_roots_pem = access->ca_pem,
                                               .client_certificate_pem = access->client_certificate_pem,
                                               .client_key_pem = access->client_key_pem});
  if (!transport) return Blame(way, std::move(transport.error().message));
  return std::make_shared<KubernetesApi>(*std::move(transport), *std::move(access),
                                         connections::ReadProgramEnvironment(connection.settings), deps.allow_exec,
                                         deps.holds_sealing_key);
}

// Anybody may ask for the version; a token that is refused is refused here too.
Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto api = ShareKubernetesApi(connection, deps);
  if (!api) return api.error();
  auto version = (*api)->Send(call, "GET", "/version");
  if (version) return {};
  base::Error error = BlameKubernetesField(std::move(version).error(), connection);
  if (error.kind != ErrorKind::kDenied) error.blame = ConnectionField(WayOf(connection));
  return std::move(error).While("asking for the server's version");
}

}  // namespace

Result<std::shared_ptr<KubernetesApi>> ShareKubernetesApi(const Connection& connection, const Deps& deps) {
  return connections::ShareClient<KubernetesApi>(connection, deps, [&] { return MakeKubernetesApi(connection, deps); });
}

base::Error BlameKubernetesField(base::Error error, const Connection& connection) {
  if (error.kind != ErrorKind::kDenied) return error;
  const std::string_view way = WayOf(connection);
  if (way != "server_url") {
    error.blame = ConnectionField(way);
  } else {
    error.blame =
        ConnectionField(connection.settings.Text("client_certificate_pem").empty() ? "token" : "client_certificate_pem");
  }
  return error;
}

const ConnectionSpec kConnection{
    .kind = "kubernetes",
    .title = "Kubernetes",
    .doc =
        "A Kubernetes cluster: its address with a token or a client's certificate, a kubeconfig, or the cluster that Terraform "
        "runs "
        "in.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::kubernetes
