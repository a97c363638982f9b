// SPDX-License-Identifier: MPL-2.0
// Credentials that differ on each run: those in the state have expired when the next run uses them.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/vendors/catalog.h"
#include "resources/app_connection/app_connection.h"
#include "tests/resources/certificate_sync/vault_sync.h"

namespace resources::certificate_sync {
namespace {

class RotatingCredentials : public VaultSync {
 protected:
  RotatingCredentials() { UseToken("first"); }

  // Only this one is valid from now on, and only a new process has it.
  void UseToken(const std::string& token) {
    vault_->AcceptToken(token);
    token_ = token;
    lab_.Restart();
  }
  Value ConnectionConfig() const {
    return connection_core_.Config({{"server_url", Value::String(FakeVault::kUrl)}, {"token", Value::String(token_)}});
  }
  // What the plan of the connection, which comes before the sync's, makes its handle.
  void PlanConnection() { connection_ = connection_core_.Plan(ConnectionConfig()).planned.Get("handle").AsString(); }
  void ApplyConnection() {
    ASSERT_FALSE(connection_core_.Apply(ConnectionConfig()).has_failed());
    connection_ = connection_core_.state().Get("handle").AsString();
  }
  // The same connection with another token, as another process sealed it.
  std::string HandleWith(const std::string& token) const { return Connect(token, connection_core_.state().Get("id").AsString()); }
  tests::Outcome ApplySync() { return sync_.Apply(Config(sync_, {{"web", handle_}})); }
  std::string StatusInState() const { return sync_.state().Get("synced").Get("web").Get("status").AsString(); }

  std::unique_ptr<Resource> connections_ = app_connection::MakeAppConnection(*engine::vendors::FindConnection("vault"));
  std::string token_;
  tests::FakeCore connection_core_{*connections_, lab_.parts.context, lab_.parts.clock};
  tests::FakeCore sync_{*resource_, lab_.parts.context, lab_.parts.clock};
};

TEST_F(RotatingCredentials, ThePlanLooksWithThoseOfThePlannedConnection) {
  ApplyConnection();
  ASSERT_FALSE(ApplySync().has_failed());
  vault_->Erase("certs/" + kId);
  UseToken("second");
  PlanConnection();

  const auto planned = sync_.Plan(Config(sync_, {{"web", handle_}}));

  EXPECT_EQ(planned.action, tests::Action::kUpdate) << planned.ToText();
  EXPECT_TRUE(planned.diagnostics.items().empty()) << planned.ToText();
  EXPECT_EQ(StatusInState(), "missing");
}

TEST_F(RotatingCredentials, AfterARefusedLookTheApplyLooksAgain) {
  ApplyConnection();
  ASSERT_FALSE(ApplySync().has_failed());
  vault_->Erase("certs/" + kId);
  UseToken("second");
  connection_ = HandleWith("second");  // not known to the process that refreshes

  const auto applied = ApplySync();

  EXPECT_FALSE(applied.has_failed()) << applied.ToText();
  EXPECT_NE(applied.ToText().find("cannot be looked at"), std::string::npos) << applied.ToText();
  EXPECT_EQ(There().version, 1) << "it is back";
  EXPECT_EQ(sync_.Plan(Config(sync_, {{"web", handle_}})).action, tests::Action::kNone);
}

TEST_F(RotatingCredentials, ALookThatIsRefusedInTheApplyTooIsOneError) {
  const std::map<std::string, std::string> two{{"mail", NewHandle(kOtherId)}, {"web", handle_}};
  ApplyConnection();
  ASSERT_FALSE(sync_.Apply(Config(sync_, two)).has_failed());
  vault_->Erase("certs/" + kId);
  UseToken("second");
  connection_ = HandleWith("third");

  const auto applied = sync_.Apply(Config(sync_, two));

  const auto& said = applied.diagnostics.items();
  EXPECT_EQ(std::count_if(said.begin(), said.end(), [](const auto& one) { return one.severity == schema::Severity::kError; }), 1)
      << applied.ToText();
  EXPECT_NE(applied.ToText().find("error at destination.vault_kv: The destination cannot be looked at"), std::string::npos);
  EXPECT_EQ(StatusInState(), "failed");
}

// Terraform updates the connection only afterwards.
TEST_F(RotatingCredentials, ARemovalUsesThoseThatThePlanSealed) {
  ApplyConnection();
  ASSERT_FALSE(ApplySync().has_failed());
  UseToken("second");
  PlanConnection();
  lab_.Restart();

  const auto destroyed = sync_.Destroy();

  EXPECT_FALSE(destroyed.has_failed()) << destroyed.ToText();
  EXPECT_EQ(There().version, 0);
}

TEST_F(RotatingCredentials, ARemovalWithoutNewOnesSaysWhatHelps) {
  ApplyConnection();
  ASSERT_FALSE(ApplySync().has_failed());
  UseToken("second");

  const auto destroyed = sync_.Destroy();

  EXPECT_TRUE(destroyed.has_failed());
  EXPECT_NE(destroyed.ToText().find("this run has no newer ones of this connection"), std::string::npos) << destroyed.ToText();
  EXPECT_EQ(There().version, 1);
}

TEST_F(RotatingCredentials, AnObjectThatMovesIsRemovedWithTheNewOnes) {
  ApplyConnection();
  ASSERT_FALSE(ApplySync().has_failed());
  UseToken("second");
  connection_ = HandleWith("second");

  const auto moved = sync_.Apply(Config(sync_, {{"web", handle_}}, "elsewhere"));

  EXPECT_FALSE(moved.has_failed()) << moved.ToText();
  EXPECT_EQ(There().version, 0);
  EXPECT_EQ(vault_->Get("elsewhere/" + kId).version, 1);
}

}  // namespace
}  // namespace resources::certificate_sync
