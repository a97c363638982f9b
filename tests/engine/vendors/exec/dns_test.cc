// SPDX-License-Identifier: MPL-2.0
// The exec provider with a strict program, which lego's exec provider drives too.
#include "base/environment.h"
#include "base/process.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/engine/vendors/exec/fake_program.h"
#include "tests/support/child_process.h"
#include "tests/support/served_acme.h"
#include "tests/support/settings.h"

namespace tests::exec_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

const Zone kZone{.name = "example.test.", .id = {}};

Connection Connect(const ExecProgram& program, const std::string& password = ExecProgram::kPassword, bool is_silent = false) {
  Connection connection{.kind = "exec", .id = "c", .settings = ConnectionSettings("exec", {{"program", program.path()}})};
  base::SecretMap environment{{"STORE", base::Secret(program.store())}, {"PASSWORD", base::Secret(password)}};
  if (is_silent) environment.emplace("SILENT", base::Secret("silent-canary"));
  connection.settings.Set("environment", std::move(environment));
  return connection;
}

class ExecBench {
 public:
  using Fixture = testing::Test;
  static constexpr int kManyNames = 25;  // a process each

  std::string problem() const { return ""; }
  Connection good() const { return Connect(program_); }
  Connection denied() const { return Connect(program_, "wrong-password-canary"); }
  Connection silent() const { return Connect(program_, ExecProgram::kPassword, true); }
  base::http::Transport* http() const { return nullptr; }
  void WaitUntilSilentWasAsked() const { program_.WaitUntilSilentWasAsked(); }
  Zone zone() const { return kZone; }
  Zone unknown_zone() const { return {.name = "nowhere.test.", .id = {}}; }
  std::string unknown_zone_name() const { return "_acme-challenge.nowhere.test."; }
  std::vector<std::string> Values(const std::string& fqdn) const { return program_.Values(fqdn); }
  void AddForeign(const std::string& fqdn, const std::string& value) const { program_.Add(fqdn, value); }

 private:
  ExecProgram program_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Exec, DnsProviderContract, ExecBench);

base::Call RealCall() {
  return {.clock = &base::RealClock(),
          .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(30)),
          .stop = {},
          .log = {}};
}

class Exec : public testing::Test {
 protected:
  std::unique_ptr<engine::dns::Provider> Make(const Connection& connection) const {
    return *engine::vendors::FindDnsProvider("exec")->make(connection, {.allow_exec = true, .shared = shared_});
  }
  // A connection with this script instead.
  Connection Script(const std::string& body) const {
    folder_.Write("script", "#!/bin/sh\n" + body);
    std::filesystem::permissions(folder_ / "script", std::filesystem::perms::owner_all);
    return {.kind = "exec", .id = "c", .settings = ConnectionSettings("exec", {{"program", folder_ / "script"}})};
  }
  base::Error Fail(const Connection& connection) {
    const std::vector<TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "v"}};
    const auto result = Make(connection)->Place(RealCall(), kZone, records, placed_);
    EXPECT_FALSE(result);
    return result ? base::Error{} : result.error();
  }

  TempDir folder_;
  std::vector<PlacedRecord> placed_;
  std::shared_ptr<base::SharedObjects> shared_ = std::make_shared<base::SharedObjects>();
};

TEST_F(Exec, IsRefusedWithoutAllowExec) {
  const auto made = engine::vendors::FindDnsProvider("exec")->make(Script("exit 0"), {});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(made.error().blame.attribute, "program");
}

TEST_F(Exec, AFailureShowsTheLastLinesOfStderrWithoutSecrets) {
  Connection connection = Script("echo out; for i in 1 2 3 4 5 6; do echo \"line $i: $TOKEN\" >&2; done; exit 3");
  connection.settings.Set("environment", base::SecretMap{{"TOKEN", base::Secret("token-canary")}});

  const auto error = Fail(connection);

  EXPECT_EQ(error.kind, ErrorKind::kUnavailable);
  EXPECT_EQ(error.message, folder_ / "script" + " present _acme-challenge.example.test. failed with exit code 3");
  EXPECT_EQ(error.details,
            (std::vector<std::string>{"line 1: ***", "line 2: ***", "line 3: ***", "line 4: ***", "line 5: ***", "line 6: ***"}));
  // What it did before it failed is not known: it is asked to clean up.
  EXPECT_EQ(placed_.size(), 1U);
}

TEST_F(Exec, AProgramThatIsMissingPlacedNothing) {
  const auto error = Fail({.kind = "exec", .id = "c", .settings = ConnectionSettings("exec", {{"program", "/nowhere/hook"}})});

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.message, "there is no program /nowhere/hook");
  EXPECT_TRUE(placed_.empty());
}

TEST_F(Exec, AFailedRemovalDoesNotKeepTheOthersFromIt) {
  const Connection connection = Script(base::Cat("case $3 in a) exit 1;; esac; : > ", folder_ / "removed-", "$3"));
  const std::vector<PlacedRecord> records{
      {.zone_id = {}, .record_id = {}, .record = {.fqdn = "_acme-challenge.example.test.", .value = "a"}},
      {.zone_id = {}, .record_id = {}, .record = {.fqdn = "_acme-challenge.example.test.", .value = "b"}}};

  const auto removed = Make(connection)->Remove(RealCall(), kZone, records);

  EXPECT_FALSE(removed);
  EXPECT_TRUE(folder_.Entries().contains("removed-b"));
}

TEST_F(Exec, NeverRunsTheProgramTwiceAtOnce) {
  const Connection connection = Script(base::Cat("mkdir ", folder_ / "busy", " || exit 1; sleep 0.01; rmdir ", folder_ / "busy"));
  std::vector<base::Result<void>> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&] {
        std::vector<PlacedRecord> placed;
        const std::vector<TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "v"}};
        result = Make(connection)->Place(RealCall(), kZone, records, placed);
      });
    }
  }

  for (const auto& result : results) EXPECT_TRUE(result) << result.error().message;
}

// lego's own exec provider judges the program, and so what is expected of it.
TEST_F(Exec, LegoCallsTheProgramInTheSameWay) {
  if (!IsInstalled("lego")) {
    if (base::Environment("CI")) FAIL() << "the package lego is not installed";
    GTEST_SKIP() << "the package lego is not installed";
  }
  const ExecProgram program;
  const std::string name = "_acme-challenge.example.test.";
  ServedAcme acme([&](FakeAcmeServer& ca, const base::http::Request&) {
    for (const std::string& value : program.Values(name)) ca.SetTxt(name, value);
    return std::nullopt;
  });
  ChildProcess lego({"lego", "--server", acme.ca().directory_url(), "--accept-tos", "--email", "ops@example.test", "--path",
                     folder_ / "lego", "--dns", "exec", "--dns.disable-cp", "--domains", "example.test", "run"},
                    {base::Cat("EXEC_PATH=", program.path()), "EXEC_POLLING_INTERVAL=1", base::Cat("STORE=", program.store()),
                     base::Cat("PASSWORD=", ExecProgram::kPassword)});
  ASSERT_EQ(lego.Join(), 0) << lego.output();
  const auto theirs = program.calls();
  ASSERT_EQ(theirs.size(), 2U);
  const std::string value = theirs[0].substr(theirs[0].rfind(' ') + 1);

  const std::vector<TxtRecord> records{{.fqdn = name, .value = value}};
  const auto provider = Make(Connect(program));
  ASSERT_TRUE(provider->Place(RealCall(), kZone, records, placed_));
  ASSERT_TRUE(provider->Remove(RealCall(), kZone, placed_));

  const auto all = program.calls();
  EXPECT_EQ((std::vector<std::string>{all.begin() + 2, all.end()}), theirs);
}

}  // namespace
}  // namespace tests::exec_dns
