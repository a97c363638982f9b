// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/kubeconfig.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/text.h"
#include "tests/support/temp_dir.h"

namespace engine::vendors::kubernetes {
namespace {

using base::ErrorKind;

// As kind, k3s and `aws eks update-kubeconfig` write them.
constexpr const char* kFile = R"(
apiVersion: v1
kind: Config
current-context: kind
clusters:
- name: kind
  cluster: {server: "https://127.0.0.1:6443/", certificate-authority-data: Y2E=}
- name: files
  cluster: {server: https://files.test, certificate-authority: ca.pem}
- name: open
  cluster: {server: https://open.test, insecure-skip-tls-verify: true}
- name: named
  cluster: {server: https://named.test, tls-server-name: inner.test}
- name: proxied
  cluster: {server: https://proxied.test, proxy-url: "http://proxy.test:3128"}
contexts:
- name: kind
  context: {cluster: kind, user: admin}
- name: eks
  context: {cluster: kind, user: eks}
- name: files
  context: {cluster: files, user: file}
- name: open
  context: {cluster: open, user: admin}
- name: broken
  context: {cluster: kind, user: nobody}
- name: named
  context: {cluster: named, user: admin}
- name: proxied
  context: {cluster: proxied, user: admin}
- name: password
  context: {cluster: kind, user: password}
- name: other
  context: {cluster: kind, user: other}
users:
- name: admin
  user: {client-certificate-data: Y2VydA==, client-key-data: a2V5}
- name: eks
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args: [eks, get-token]
      env: [{name: AWS_PROFILE, value: prod}]
- name: file
  user: {tokenFile: token}
- name: password
  user: {username: me, password: canary}
- name: other
  user:
    token: t
    as: jane
    as-uid: "7"
    as-groups: [dev, ops]
    as-user-extra: {"example.com/scope": [a, b]}
)";

TEST(ParseKubeconfig, GivesTheCurrentContext) {
  const auto access = ParseKubeconfig(kFile, "", "");

  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://127.0.0.1:6443");
  EXPECT_EQ(access->ca_pem, "ca");
  EXPECT_EQ(access->client_certificate_pem, "cert");
  EXPECT_EQ(access->client_key_pem.Reveal(), "key");
}

TEST(ParseKubeconfig, GivesTheProgramOfAPlugin) {
  const auto access = ParseKubeconfig(kFile, "eks", "");

  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->program.arguments, (std::vector<std::string>{"aws", "eks", "get-token"}));
  EXPECT_EQ(access->program.environment, (std::map<std::string, std::string>{{"AWS_PROFILE", "prod"}}));
  EXPECT_EQ(access->program.api_version, "client.authentication.k8s.io/v1beta1");
}

TEST(ParseKubeconfig, FindsFilesBesideIt) {
  const tests::TempDir dir;
  dir.Write("ca.pem", "ca of a file");

  const auto access = ParseKubeconfig(kFile, "files", dir.path().string());
  const auto elsewhere = ParseKubeconfig(kFile, "files", dir / "nowhere");

  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->ca_pem, "ca of a file");
  EXPECT_EQ(access->token_file, dir / "token");
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().kind, ErrorKind::kNotFound);
}

TEST(ParseKubeconfig, SaysWhatIsMissing) {
  const std::pair<const char*, const char*> bad[] = {
      {"none", "no context called \"none\""}, {"broken", "no user called \"nobody\""},
      {"open", "insecure-skip-tls-verify"},   {"named", "tls-server-name is not supported"},
      {"proxied", "set HTTPS_PROXY instead"}, {"password", "username and password are not supported"}};
  for (const auto& [context, part] : bad) {
    const auto access = ParseKubeconfig(kFile, context, "");
    ASSERT_FALSE(access) << context;
    EXPECT_NE(access.error().message.find(part), std::string::npos) << access.error().message;
  }
  EXPECT_FALSE(ParseKubeconfig("{}", "", ""));
  EXPECT_FALSE(ParseKubeconfig("[", "", ""));
}

TEST(ParseKubeconfig, SaysWhoIsActedAs) {
  const auto access = ParseKubeconfig(kFile, "other", "");

  ASSERT_TRUE(access) << access.error().message;
  std::vector<std::string> headers;
  for (const auto& [name, value] : access->impersonation) headers.push_back(base::Cat(name, ": ", value));
  EXPECT_EQ(headers, (std::vector<std::string>{"Impersonate-User: jane", "Impersonate-Uid: 7", "Impersonate-Group: dev",
                                               "Impersonate-Group: ops", "Impersonate-Extra-example.com%2Fscope: a",
                                               "Impersonate-Extra-example.com%2Fscope: b"}));
}

TEST(FindKubeconfigPath, IsKubectlsButForSeveralFiles) {
  const auto find = [](const std::string& named) {
    return FindKubeconfigPath([&](const char*) { return named.empty() ? std::nullopt : std::optional(named); });
  };

  EXPECT_EQ(*find("/a/config:"), "/a/config");
  EXPECT_TRUE(find("")->ends_with("/.kube/config"));
  EXPECT_NE(find("/a:/b").error().message.find("set `kubeconfig_path`"), std::string::npos);
}

TEST(FindInClusterAccess, SaysThatThisIsNoPod) {
  const auto access = FindInClusterAccess([](const char*) { return std::nullopt; });

  ASSERT_FALSE(access);
  EXPECT_EQ(access.error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace engine::vendors::kubernetes
