// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/connection.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/kubernetes/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"
#include "tests/support/temp_dir.h"

namespace tests::kubernetes_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;
using engine::connections::Deps;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("kubernetes"); }

struct Field {
  std::string name, value;
};

Connection With(const std::vector<Field>& settings, const std::vector<Field>& secrets = {}) {
  Connection connection{.kind = "kubernetes", .id = "c", .settings = ConnectionSettings("kubernetes")};
  for (const auto& [name, value] : settings) Put(connection.settings, name, value);
  for (const auto& [name, value] : secrets) Put(connection.settings, name, base::Secret(value));
  return connection;
}

std::string Kubeconfig(const std::string& user) {
  return base::Cat("{current-context: a, contexts: [{name: a, context: {cluster: c, user: u}}],",
                   " clusters: [{name: c, cluster: {server: \"", FakeKubernetes::kUrl, "\"}}],", " users: [{name: u, user: {",
                   user, "}}]}");
}

base::Result<void> Check(const Connection& connection, bool allow_exec = false) {
  FakeKubernetes cluster;
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.http = &cluster, .allow_exec = allow_exec});
}

std::string FirstProblem(const Connection& connection) {
  const auto problems = Spec().validate(connection);
  return problems.empty() ? "" : problems.front().field;
}

TEST(KubernetesValidate, PointsAtTheFieldThatIsWrong) {
  EXPECT_EQ(FirstProblem(With({})), "") << "what KUBECONFIG names";
  EXPECT_EQ(FirstProblem(With({{"server_url", "https://a"}, {"token_file", "/t"}})), "");
  EXPECT_EQ(FirstProblem(With({{"token_file", "/t"}})), "token_file");
  EXPECT_EQ(FirstProblem(With({{"server_url", "https://a"}}, {{"token", "t"}})), "");
  EXPECT_EQ(FirstProblem(With({{"server_url", "a"}}, {{"token", "t"}})), "server_url");
  EXPECT_EQ(FirstProblem(With({{"server_url", "https://a"}})), "token");
  EXPECT_EQ(FirstProblem(With({{"server_url", "https://a"}, {"client_certificate_pem", "pem"}})), "client_key_pem");
  EXPECT_EQ(FirstProblem(With({{"server_url", "https://a"}, {"ca_certificate_pem", "x"}}, {{"token", "t"}})),
            "ca_certificate_pem");
  EXPECT_EQ(FirstProblem(With({{"server_url", "https://a"}, {"kubeconfig_path", "b"}}, {{"token", "t"}})), "server_url");
  EXPECT_EQ(FirstProblem(With({{"in_cluster", "true"}, {"kubeconfig_path", "b"}})), "in_cluster");
  EXPECT_EQ(FirstProblem(With({{"kubeconfig_path", "b"}}, {{"kubeconfig", "kept"}})), "");
  EXPECT_EQ(FirstProblem(With({}, {{"kubeconfig", "["}})), "kubeconfig");
}

// The token of the kubeconfig would go there in plaintext.
TEST(KubernetesValidate, TakesNoKubeconfigWithoutTls) {
  const std::string plain =
      "{current-context: a, contexts: [{name: a, context: {cluster: c, user: u}}],"
      " clusters: [{name: c, cluster: {server: \"http://10.0.0.1:8080\"}}], users: [{name: u, user: {token: t}}]}";
  const TempDir dir;
  dir.Write("config", plain);

  EXPECT_EQ(FirstProblem(With({}, {{"kubeconfig", plain}})), "kubeconfig");
  EXPECT_EQ(FirstProblem(With({{"allow_http", "true"}}, {{"kubeconfig", plain}})), "");
  const auto by_path = Check(With({{"kubeconfig_path", dir / "config"}}));
  ASSERT_FALSE(by_path);
  EXPECT_EQ(by_path.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(by_path.error().blame.attribute, "kubeconfig_path");
}

TEST(KubernetesCheck, AsksForTheVersion) {
  EXPECT_TRUE(Check(With({{"server_url", FakeKubernetes::kUrl}}, {{"token", FakeKubernetes::kToken}})));
  const auto refused = Check(With({{"server_url", FakeKubernetes::kUrl}}, {{"token", "wrong"}}));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(refused.error().blame.attribute, "token");
}

TEST(KubernetesCheck, TakesAKubeconfigAsTextAndAsAFile) {
  const TempDir dir;
  dir.Write("config", Kubeconfig(base::Cat("token: ", FakeKubernetes::kToken)));

  EXPECT_TRUE(Check(With({}, {{"kubeconfig", dir.Read("config")}})));
  EXPECT_TRUE(Check(With({{"kubeconfig_path", dir / "config"}})));
  const auto missing = Check(With({{"kubeconfig_path", dir / "none"}}));

  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().blame.attribute, "kubeconfig_path");
}

TEST(KubernetesCheck, RunsAPluginOnlyWithTheProvidersLeave) {
  const std::string printed = base::Cat(R"({\"status\":{\"token\":\")", FakeKubernetes::kToken, R"(\"}})");
  const Connection connection =
      With({}, {{"kubeconfig", Kubeconfig(base::Cat("exec: {command: echo, args: [\"", printed, "\"]}"))}});

  const auto allowed = Check(connection, true);
  const auto refused = Check(connection, false);

  EXPECT_TRUE(allowed) << allowed.error().message;
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("allow_exec = true"), std::string::npos) << refused.error().message;
}

TEST(KubernetesCheck, TellsWhatAFailedPluginSaid) {
  const Connection connection =
      With({}, {{"kubeconfig", Kubeconfig("exec: {command: /bin/sh, args: [-c, \"echo no session >&2; exit 4\"]}")}});

  const auto refused = Check(connection, true);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "/bin/sh ended with exit code 4");
  EXPECT_EQ(refused.error().details, std::vector<std::string>{"no session"});
  EXPECT_EQ(refused.error().blame.attribute, "kubeconfig");
}

}  // namespace
}  // namespace tests::kubernetes_connection
