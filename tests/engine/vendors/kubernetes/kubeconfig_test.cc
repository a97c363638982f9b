// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/kubeconfig.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
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
      {"none", "no context called \"none\""}, {"broken", "no user called \"nobody\""}, {"open", "insecure-skip-tls-verify"}};
  for (const auto& [context, part] : bad) {
    const auto access = ParseKubeconfig(kFile, context, "");
    ASSERT_FALSE(access) << context;
    EXPECT_NE(access.error().message.find(part), std::string::npos) << access.error().message;
  }
  EXPECT_FALSE(ParseKubeconfig("{}", "", ""));
  EXPECT_FALSE(ParseKubeconfig("[", "", ""));
}

TEST(FindInClusterAccess, SaysThatThisIsNoPod) {
  const auto access = FindInClusterAccess([](const char*) { return std::nullopt; });

  ASSERT_FALSE(access);
  EXPECT_EQ(access.error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace engine::vendors::kubernetes
