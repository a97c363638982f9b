// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/kubeconfig.h"

#include <filesystem>
#include <utility>

#include "base/encoding.h"
#include "base/home_folder.h"
#include "base/http/api_error.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/kubernetes/yaml.h"

namespace engine::vendors::kubernetes {
namespace {

using base::Cat;
using base::EnvironmentReader;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::FindStrings;
using base::FromBase64;
using base::Json;
using base::Printable;
using base::ReadSmallFile;
using base::Result;
using base::Secret;
using base::http::ParseApiUrl;

constexpr std::string_view kServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

std::string Text(const Json& object, std::string_view name) { return FindString(object, name).value_or(""); }

// The entry called `name` of the list `list`, its member `member`: {"name": "prod", "cluster": {…}}.
Result<Json> FindEntry(const Json& file, std::string_view list, std::string_view member, std::string_view name) {
  const Json* entries = FindMember(file, list);
  if (entries != nullptr && entries->is_array()) {
    for (const Json& entry : *entries) {
      const Json* found = FindMember(entry, member);
      if (found != nullptr && Text(entry, "name") == name) return *found;
    }
  }
  return Error{ErrorKind::kNotFound, Cat("the kubeconfig has no ", member, " called \"", Printable(name, 100), "\"")};
}

// "certificate-authority-data" in base64, else the file that "certificate-authority" names.
Result<Secret> ReadPem(const Json& object, const std::string& name, const std::string& folder) {
  if (const std::string data = Text(object, name + "-data"); !data.empty()) {
    auto decoded = FromBase64(data);
    if (!decoded) return Error{ErrorKind::kInvalid, Cat("the kubeconfig's ", name, "-data is no base64")};
    return Secret(*std::move(decoded));
  }
  const std::string path = Text(object, name);
  if (path.empty()) return Secret();
  return ReadSmallFile((std::filesystem::path(folder) / path).string());
}

KubeProgram ReadProgram(const Json& exec) {
  KubeProgram program{.arguments = {Text(exec, "command")},
                      .environment = {},
                      .api_version = Text(exec, "apiVersion"),
                      .wants_cluster = Text(exec, "provideClusterInfo") == "true"};
  for (std::string& argument : FindStrings(exec, "args")) program.arguments.push_back(std::move(argument));
  const Json* variables = FindMember(exec, "env");
  if (variables == nullptr || !variables->is_array()) return program;
  for (const Json& variable : *variables) program.environment[Text(variable, "name")] = Text(variable, "value");
  return program;
}

// Settings that change whom we talk to, and that nothing here can follow.
Result<void> RefuseUnsupported(const Json& cluster) {
  constexpr std::pair<std::string_view, std::string_view> kUnsupported[]{
      {"tls-server-name", "use the name in the server's certificate as its address"}, {"proxy-url", "set HTTPS_PROXY instead"}};
  for (const auto& [setting, remedy] : kUnsupported) {
    if (Text(cluster, setting).empty()) continue;
    return Error{ErrorKind::kInvalid, Cat("the kubeconfig's ", setting, " is not supported: ", remedy)};
  }
  return {};
}

// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
std::vector<base::http::Header> ReadImpersonation(const Json& user) {
  std::vector<base::http::Header> headers;
  const auto add = [&](std::string name, std::string value) {
    if (!value.empty()) headers.push_back({std::move(name), std::move(value)});
  };
  add("Impersonate-User", Text(user, "as"));
  add("Impersonate-Uid", Text(user, "as-uid"));
  for (std::string& group : FindStrings(user, "as-groups")) add("Impersonate-Group", std::move(group));
  const Json* extra = FindMember(user, "as-user-extra");
  if (extra == nullptr || !extra->is_object()) return headers;
  for (const auto& [key, values] : extra->items()) {
    for (std::string& value : FindStrings(*extra, key)) {
      add(Cat("Impersonate-Extra-", base::PercentEncode(key)), std::move(value));
    }
  }
  return headers;
}

Result<void> ReadCluster(const Json& cluster, const std::string& folder, KubeAccess& access) {
  if (Text(cluster, "insecure-skip-tls-verify") == "true") {
    return Error{ErrorKind::kInvalid,
                 "the kubeconfig asks not to verify the server (insecure-skip-tls-verify): give its CA instead"};
  }
  if (auto fine = RefuseUnsupported(cluster); !fine) return fine;
  auto server = ParseApiUrl(Text(cluster, "server"));
  if (!server) return Error{ErrorKind::kInvalid, Cat("the kubeconfig's server is no URL: ", server.error().message)};
  access.server = *std::move(server);
  const auto ca = ReadPem(cluster, "certificate-authority", folder);
  if (!ca) return ca.error();
  access.ca_pem = ca->Reveal();
  return {};
}

Result<void> ReadUser(const Json& user, const std::string& folder, KubeAccess& access) {
  const auto certificate = ReadPem(user, "client-certificate", folder);
  if (!certificate) return certificate.error();
  access.client_certificate_pem = certificate->Reveal();
  auto key = ReadPem(user, "client-key", folder);
  if (!key) return std::move(key).error();
  access.client_key_pem = *std::move(key);
  access.token = Secret(Text(user, "token"));
  if (const std::string path = Text(user, "tokenFile"); !path.empty()) {
    access.token_file = (std::filesystem::path(folder) / path).string();
  }
  if (!access.token.empty() && !access.token_file.empty()) {
    return Error{ErrorKind::kInvalid,
                 "the kubeconfig has both token and tokenFile, and Kubernetes' clients disagree on which of them "
                 "is used: leave one of them"};
  }
  if (const Json* exec = FindMember(user, "exec")) access.program = ReadProgram(*exec);
  access.impersonation = ReadImpersonation(user);
  if (!Text(user, "username").empty()) {
    return Error{ErrorKind::kInvalid, "the kubeconfig's username and password are not supported: Kubernetes has removed them"};
  }
  if (FindMember(user, "auth-provider") != nullptr) {
    return Error{ErrorKind::kInvalid, "the kubeconfig's auth-provider was removed from Kubernetes: use an exec plugin instead"};
  }
  return {};
}

}  // namespace

Result<KubeAccess> ParseKubeconfig(std::string_view text, std::string_view context, const std::string& folder) {
  const auto file = ParseYaml(text);
  if (!file) return Error{ErrorKind::kInvalid, Cat("the kubeconfig cannot be used: ", file.error().message)};
  const std::string name = context.empty() ? Text(*file, "current-context") : std::string(context);
  if (name.empty()) return Error{ErrorKind::kInvalid, "the kubeconfig has no current-context: name a context"};
  const auto chosen = FindEntry(*file, "contexts", "context", name);
  if (!chosen) return chosen.error();
  const auto cluster = FindEntry(*file, "clusters", "cluster", Text(*chosen, "cluster"));
  if (!cluster) return cluster.error();
  const auto user = FindEntry(*file, "users", "user", Text(*chosen, "user"));
  if (!user) return user.error();
  KubeAccess access;
  if (auto read = ReadCluster(*cluster, folder, access); !read) return std::move(read).error();
  if (auto read = ReadUser(*user, folder, access); !read) return std::move(read).error();
  return access;
}

Result<std::string> FindKubeconfigPath(const EnvironmentReader& environment) {
  const auto named = environment("KUBECONFIG");
  if (!named) return base::ExpandHome("~/.kube/config");
  std::vector<std::string> paths = base::Split(*named, ':');
  std::erase(paths, "");
  if (paths.size() == 1) return base::ExpandHome(paths.front());
  return Error{ErrorKind::kInvalid, "KUBECONFIG names several files, which are not merged: set `kubeconfig_path` to one of them"};
}

// https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
Result<KubeAccess> FindInClusterAccess(const EnvironmentReader& environment) {
  const auto host = environment("KUBERNETES_SERVICE_HOST");
  const auto port = environment("KUBERNETES_SERVICE_PORT");
  if (!host || !port) return Error{ErrorKind::kNotFound, "this is no pod of Kubernetes: KUBERNETES_SERVICE_HOST is not set"};
  const bool is_ipv6 = host->find(':') != std::string::npos;
  KubeAccess access;
  access.server = is_ipv6 ? Cat("https://[", *host, "]:", *port) : Cat("https://", *host, ":", *port);
  const auto ca = ReadSmallFile(Cat(kServiceAccount, "/ca.crt"));
  if (!ca) return ca.error();
  access.ca_pem = ca->Reveal();
  access.token_file = Cat(kServiceAccount, "/token");
  return access;
}

}  // namespace engine::vendors::kubernetes
