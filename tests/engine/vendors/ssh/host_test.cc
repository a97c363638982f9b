// SPDX-License-Identifier: MPL-2.0
// The ssh_host destination against Debian's OpenSSH server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/sync/destination.h"
#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/support/files_harness.h"
#include "tests/support/settings.h"
#include "tests/support/ssh_server.h"

namespace tests::ssh_host {
namespace {

using engine::connections::Connection;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using Settings = SettingEntries;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

Connection Connect() {
  const SshServer& server = SshServer::Shared();
  Connection connection{.kind = "ssh",
                        .id = "c",
                        .settings = ConnectionSettings("ssh", {{"user", server.user()}, {"host_key", server.host_key()}})};
  Put(connection.settings, "private_key_pem", server.user_key("ed25519"));
  return connection;
}

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("ssh_host"); }

engine::sync::Setup Server(const Connection& connection) {
  return {
      .settings = DestinationSettings("ssh_host", {{"host", "127.0.0.1"}, {"port", std::to_string(SshServer::Shared().port())}}),
      .connection = &connection};
}

template <FilesOf kFiles>
class SshHarness final : public FilesHarness {
 public:
  SshHarness() : FilesHarness(kFiles) {}

 private:
  std::unique_ptr<Destination> New() override { return Make("ssh_host", Server(connection_)); }

  const Connection connection_ = Connect();
};

INSTANTIATE_TEST_SUITE_P(SshHost, DestinationContract, testing::Values(MakeHarness<SshHarness<FilesOf::kSplit>>));
INSTANTIATE_TEST_SUITE_P(SshHostPkcs12, DestinationContract, testing::Values(MakeHarness<SshHarness<FilesOf::kPkcs12>>));
INSTANTIATE_TEST_SUITE_P(SshHostNamed, DestinationContract, testing::Values(MakeHarness<SshHarness<FilesOf::kNamed>>));

class SshHost : public DestinationTest {
 protected:
  void SetUp() override { RequireSshServer(); }
  std::unique_ptr<Destination> With(const Settings& settings = {}, bool allow_exec = true) {
    const Connection connection = Connect();
    engine::sync::Setup setup = Server(connection);
    setup.deps.allow_exec = allow_exec;
    tests::Put(setup.settings, "directory", dir_.path().string());
    tests::Put(setup.settings, settings);
    return MakeTestDestination("ssh_host", setup);
  }
  Deployed Put(Destination& destination, const std::string& name, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::Put(destination, name, bundle_, previous);
  }

  TempDir dir_;
  Bundle bundle_ = MakeTestBundle(kId);
};

TEST_F(SshHost, WritesFilesWithTheirModes) {
  const Deployed now = Put(*With({{"private_key_mode", "0640"}}), "team/web");

  EXPECT_THAT(dir_.Entries(), ElementsAre("team", "team/.web.certwright", "team/web.crt", "team/web.key"));
  EXPECT_EQ(dir_.Read("team/web.crt"), bundle_.chain[0].pem + bundle_.chain[1].pem);
  EXPECT_EQ(dir_.Read("team/web.key"), bundle_.private_key_pem.Reveal());
  EXPECT_EQ(dir_.Mode("team/web.crt"), 0644U);
  EXPECT_EQ(dir_.Mode("team/web.key"), 0640U);
  EXPECT_EQ(now.external_id, dir_ / "team/web.crt");
}

TEST_F(SshHost, TakesTheFilesAndFoldersOfItsOwnAway) {
  const auto destination = With();
  const Deployed now = Put(*destination, "team/web");

  ASSERT_TRUE(destination->Remove(clock_.Call(), now));

  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

// `terraform import` of what a lost state had written.
TEST_F(SshHost, TakesOverFilesWhenItIsToldTo) {
  const Deployed former = Put(*With(), "team/web");
  const auto destination = With();

  EXPECT_TRUE(destination->Adopt(clock_.Call(), former.external_id, engine::sync::Adoption::kMarked));
  std::filesystem::remove(dir_ / "team/.web.certwright");
  const auto unmarked = destination->Adopt(clock_.Call(), former.external_id, engine::sync::Adoption::kMarked);
  const auto elsewhere = destination->Adopt(clock_.Call(), "/etc/web.crt", engine::sync::Adoption::kAny);
  const auto absent = destination->Adopt(clock_.Call(), dir_ / "none.crt", engine::sync::Adoption::kAny);
  const auto adopted = destination->Adopt(clock_.Call(), former.external_id, engine::sync::Adoption::kAny);

  EXPECT_EQ(unmarked.error().kind, base::ErrorKind::kConflict);
  EXPECT_EQ(elsewhere.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(absent.error().kind, base::ErrorKind::kNotFound);
  ASSERT_TRUE(adopted) << adopted.error().message;
  bundle_ = MakeTestBundle(kId);
  EXPECT_EQ(Put(*destination, "team/web", *adopted).external_id, former.external_id);
}

TEST_F(SshHost, TakesTheFilesOfTheFormerLayoutAway) {
  const Deployed separate = Put(*With({{"layout", "separate_chain"}}), "web");

  Put(*With(), "web", separate);

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
}

TEST_F(SshHost, WritesAPkcs12FileAnewForAnotherPassword) {
  const auto with_password = [&](const char* password) { return With({{"layout", "pkcs12"}, {"pkcs12_password", password}}); };
  const Deployed first = Put(*with_password("one"), "team/web");
  const std::string before = dir_.Read("team/web.p12");
  Put(*with_password("one"), "team/web", first);
  const std::string again = dir_.Read("team/web.p12");
  Put(*with_password("two"), "team/web", first);

  EXPECT_THAT(dir_.Entries(), ElementsAre("team", "team/.web.certwright", "team/web.p12"));
  EXPECT_EQ(again, before);
  EXPECT_TRUE(base::crypto::Pkcs12Holds(dir_.Read("team/web.p12"), base::Secret("two"),
                                        *base::crypto::ParsePrivateKey(bundle_.private_key_pem)));
}

TEST_F(SshHost, RunsTheProgramOnceAndArgumentsArriveAsWritten) {
  const auto destination = With({{"after_change", base::Cat("sh\n-c\necho \"$0\" >>'", dir_ / "log", "'\nit's $HOME; *")}});
  Put(*destination, "web");
  Put(*destination, "mail");

  const auto finished = destination->Finish(clock_.Call());

  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(dir_.Read("log"), "it's $HOME; *\n");
}

// What a shell other than a POSIX one reads otherwise: fish a backslash between quotes, csh an exclamation mark.
TEST_F(SshHost, ArgumentsArriveAsWrittenWhateverTheLoginShell) {
  const std::string odd = "a\\ b\\\\ 'c' !d \"e\" $f `g` \t*";
  const auto destination = With({{"after_change", base::Cat("sh\n-c\nprintf %s \"$0\" >'", dir_ / "log", "'\n", odd)}});
  Put(*destination, "web");

  const auto finished = destination->Finish(clock_.Call());

  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(dir_.Read("log"), odd);
}

// A configuration from elsewhere must run nothing, on whatever machine.
TEST_F(SshHost, RunsNoProgramWithoutTheProvidersLeave) {
  const auto destination = With({{"after_change", base::Cat("touch\n", dir_ / "ran")}}, false);
  Put(*destination, "web");

  const auto finished = destination->Finish(clock_.Call());

  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, base::ErrorKind::kDenied);
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
}

TEST_F(SshHost, RunsNoProgramWhenNoFileChangedAndTellsWhatAFailedOneSaid) {
  const Settings settings = {{"after_change", "sh\n-c\necho no such unit >&2; exit 5"}};
  const auto destination = With(settings);
  Deployed now = Put(*destination, "web");

  const auto failed = destination->Finish(clock_.Call());
  const auto later = With(settings);
  Put(*later, "web", now);
  const auto unchanged = later->Finish(clock_.Call());
  now.unfinished = true;
  Put(*later, "web", now);
  const auto owed = later->Finish(clock_.Call());

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "the program sh ended with exit code 5");
  EXPECT_THAT(failed.error().details, ElementsAre("no such unit"));
  EXPECT_TRUE(unchanged);
  EXPECT_FALSE(owed);
}

TEST_F(SshHost, SaysThatTheHostIsNotKnown) {
  Connection connection = Connect();
  tests::Put(connection.settings, "host_key", base::Cat("other.test ", SshServer::Shared().host_key()));

  const auto made = MakeDestination(
      Spec(),
      {.settings = DestinationSettings("ssh_host", {{"host", "127.0.0.1"}, {"directory", "/x"}}), .connection = &connection});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().blame, engine::connections::ConnectionField("host_key"));
  EXPECT_THAT(made.error().message, HasSubstr("names no key of 127.0.0.1, port 22"));
}

TEST(SshHostValidate, SaysWhatIsWrongWithEachSetting) {
  const std::pair<const char*, const char*> bad[] = {{"host", "web 1"},
                                                     {"host", "root@web"},
                                                     {"port", "0"},
                                                     {"port", "70000"},
                                                     {"directory", "certs"},
                                                     {"layout", "pem"},
                                                     {"private_key_mode", "0644"},
                                                     {"after_change", "\nreload"}};
  for (const auto& [field, value] : bad) {
    const auto problems = Spec().validate(DestinationSettings("ssh_host", {{field, value}}));
    ASSERT_EQ(problems.size(), 1U) << field << '=' << value;
    EXPECT_EQ(problems.front().field, field);
  }
  EXPECT_TRUE(
      Spec().validate(DestinationSettings("ssh_host", {{"host", "web-1.example.com"}, {"directory", "/etc/ssl/web/"}})).empty());
}

}  // namespace
}  // namespace tests::ssh_host
