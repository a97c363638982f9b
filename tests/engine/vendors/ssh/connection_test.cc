// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ssh/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/support/settings.h"

namespace tests::ssh_connection {
namespace {

using engine::connections::Connection;
using engine::vendors::ssh::MakeSshTarget;

constexpr const char* kKeys =
    "# from ssh-keyscan\n"
    "web-1.test,192.0.2.1 ssh-ed25519 AAAAkeyA comment\n"
    "[web-2.test]:2222 ecdsa-sha2-nistp256 AAAAkeyB\n"
    "ssh-rsa AAAAkeyC\n";

Connection With(const std::string& host_key, const std::string& known_hosts = "") {
  Connection connection{.kind = "ssh", .id = "c", .settings = ConnectionSettings("ssh", {{"user", "deploy"}})};
  if (!host_key.empty()) Put(connection.settings, "host_key", host_key);
  if (!known_hosts.empty()) Put(connection.settings, "known_hosts_path", known_hosts);
  Put(connection.settings, "private_key_pem", base::Secret("pem"));
  return connection;
}

std::string FirstProblem(const Connection& connection) {
  const auto problems = engine::vendors::FindConnection("ssh")->validate(connection);
  return problems.empty() ? "" : problems.front().field;
}

TEST(SshValidate, WantsAWayToLogInAndToKnowTheMachine) {
  Connection no_secret = With(kKeys);
  no_secret.settings.Unset("private_key_pem");

  EXPECT_EQ(FirstProblem(With(kKeys)), "");
  EXPECT_EQ(FirstProblem(With("", "/etc/ssh/ssh_known_hosts")), "");
  EXPECT_EQ(FirstProblem(With("")), "host_key");
  EXPECT_EQ(FirstProblem(With(kKeys, "/etc/ssh/ssh_known_hosts")), "host_key");
  EXPECT_EQ(FirstProblem(With("SHA256:abcdef")), "host_key");
  EXPECT_EQ(FirstProblem(With("@cert-authority *.test ssh-ed25519 AAAAkeyA")), "host_key");
  EXPECT_EQ(FirstProblem(no_secret), "private_key_pem");
}

TEST(MakeSshTarget, TakesTheKeysOfTheHost) {
  const auto first = MakeSshTarget(With(kKeys), "web-1.test", 22);
  const auto second = MakeSshTarget(With(kKeys), "web-2.test", 2222);
  const auto other = MakeSshTarget(With(kKeys), "other.test", 22);

  ASSERT_TRUE(first && second && other);
  EXPECT_EQ(first->host_keys, (std::vector<std::string>{"ssh-ed25519 AAAAkeyA", "ssh-rsa AAAAkeyC"}));
  EXPECT_EQ(second->host_keys, (std::vector<std::string>{"ecdsa-sha2-nistp256 AAAAkeyB", "ssh-rsa AAAAkeyC"}));
  EXPECT_EQ(other->host_keys, (std::vector<std::string>{"ssh-rsa AAAAkeyC"}));
  EXPECT_EQ(first->user, "deploy");
  EXPECT_EQ(first->private_key.Reveal(), "pem");
}

TEST(MakeSshTarget, RefusesAHostWithoutAKey) {
  const auto target = MakeSshTarget(With("web-1.test ssh-ed25519 AAAAkeyA"), "web-2.test", 22);

  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().kind, base::ErrorKind::kDenied);
  EXPECT_EQ(target.error().blame.attribute, "host_key");
}

}  // namespace
}  // namespace tests::ssh_connection
