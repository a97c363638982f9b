// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/vault/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/vault/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"
#include "tests/support/temp_dir.h"

namespace tests::vault_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("vault"); }

struct Field {
  std::string name, value;
};

// `secrets`: fields that are secret.
Connection With(const std::vector<Field>& settings, const std::vector<Field>& secrets = {}) {
  Connection connection{.kind = "vault", .id = "c", .settings = ConnectionSettings("vault", {{"server_url", FakeVault::kUrl}})};
  for (const auto& [name, value] : settings) Put(connection.settings, name, value);
  for (const auto& [name, value] : secrets) Put(connection.settings, name, base::Secret(value));
  return connection;
}

base::Result<void> Check(FakeVault& vault, const Connection& connection) {
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.http = &vault});
}

std::string FirstProblem(const Connection& connection) {
  const auto problems = Spec().validate(connection);
  return problems.empty() ? "" : problems.front().field;
}

TEST(VaultValidate, PointsAtTheFieldThatIsWrong) {
  EXPECT_EQ(FirstProblem(With({}, {{"token", "t"}})), "");
  EXPECT_EQ(FirstProblem(With({})), "") << "the environment's token";
  EXPECT_EQ(FirstProblem(With({{"userpass.username", "me"}})), "userpass.password");
  EXPECT_EQ(FirstProblem(With({{"client_certificate_pem", "c"}}, {{"token", "t"}})), "client_key_pem");
  EXPECT_EQ(FirstProblem(With({{"server_url", "vault.example.com"}}, {{"token", "t"}})), "server_url");
  EXPECT_EQ(FirstProblem(With({{"server_url", "https://vault.test/v1"}}, {{"token", "t"}})), "server_url");
  EXPECT_EQ(FirstProblem(With({{"namespace", "a b"}}, {{"token", "t"}})), "namespace");
  EXPECT_EQ(FirstProblem(With({{"ca_certificate_pem", "no PEM"}}, {{"token", "t"}})), "ca_certificate_pem");
  EXPECT_EQ(FirstProblem(With({}, {{"token", "a b"}})), "token");
  EXPECT_EQ(FirstProblem(With({{"approle.role_id", "r"}, {"jwt.role", "r"}}, {{"jwt.token", "j"}})), "jwt");
  EXPECT_EQ(FirstProblem(With({{"jwt.role", "r"}})), "jwt.token");
  EXPECT_EQ(FirstProblem(With({{"approle.role_id", "r"}}, {{"token", "kept"}})), "");
}

TEST(VaultCheck, LooksTheTokenUp) {
  FakeVault vault;

  EXPECT_TRUE(Check(vault, With({}, {{"token", FakeVault::kToken}})));
  EXPECT_TRUE(Check(vault, With({{"namespace", FakeVault::kNamespace}}, {{"token", FakeVault::kToken}})));
  const auto refused = Check(vault, With({}, {{"token", "wrong"}}));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(refused.error().blame.attribute, "token");
  EXPECT_EQ(refused.error().message, "Vault answered 403: permission denied");
}

TEST(VaultCheck, AnUnknownNamespaceBlamesTheAddress) {
  FakeVault vault;

  const auto refused = Check(vault, With({{"namespace", "nowhere"}}, {{"token", FakeVault::kToken}}));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().blame.attribute, "server_url");
  EXPECT_EQ(refused.error().message, "Vault answered 404: namespace not found");
}

TEST(VaultCheck, LogsInByAppRole) {
  FakeVault vault;
  vault.AcceptLogin("team/approle", {{"role_id", "role"}, {"secret_id", "secret-canary"}});
  const std::vector<Field> role = {{"approle.role_id", "role"}, {"approle.mount", "team/approle"}};

  EXPECT_TRUE(Check(vault, With(role, {{"approle.secret_id", "secret-canary\n"}})));
  const auto refused = Check(vault, With(role, {{"approle.secret_id", "wrong"}}));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(refused.error().blame.attribute, "approle.secret_id");
}

TEST(VaultCheck, LogsInByAJwtFromAFile) {
  FakeVault vault;
  const TempDir dir;
  dir.Write("jwt", "a.b.c\n");
  vault.AcceptLogin("jwt", {{"role", "ci"}, {"jwt", "a.b.c"}});

  EXPECT_TRUE(Check(vault, With({{"jwt.role", "ci"}, {"jwt.token_file", dir / "jwt"}})));
  EXPECT_TRUE(Check(vault, With({{"jwt.role", "ci"}}, {{"jwt.token", "a.b.c"}})));
  const auto missing = Check(vault, With({{"jwt.role", "ci"}, {"jwt.token_file", dir / "none"}}));

  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("cannot be read"), std::string::npos) << missing.error().message;
}

TEST(VaultCheck, LogsInAsAServiceAccount) {
  FakeVault vault;
  const TempDir dir;
  dir.Write("token", "d.e.f");
  vault.AcceptLogin("kubernetes", {{"role", "web"}, {"jwt", "d.e.f"}});

  EXPECT_TRUE(Check(vault, With({{"kubernetes.role", "web"}, {"kubernetes.token_file", dir / "token"}})));
  const auto refused = Check(vault, With({{"kubernetes.role", "other"}, {"kubernetes.token_file", dir / "token"}}));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().blame.attribute, "kubernetes.role");
}

}  // namespace
}  // namespace tests::vault_connection
