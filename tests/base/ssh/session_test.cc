// SPDX-License-Identifier: MPL-2.0
// Against Debian's OpenSSH server.
#include "base/ssh/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "base/read_file.h"
#include "tests/support/child_process.h"
#include "tests/support/loopback_http.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/ssh_server.h"

namespace base::ssh {
namespace {

using testing::HasSubstr;
using tests::SshServer;

class SshSession : public testing::Test {
 protected:
  void SetUp() override { tests::RequireSshServer(); }

  static Target Good() {
    const SshServer& server = SshServer::Shared();
    return {.host = "127.0.0.1",
            .port = server.port(),
            .user = server.user(),
            .host_keys = {server.host_key()},
            .private_key = server.user_key("ed25519")};
  }
  static Call Within(std::chrono::seconds limit = std::chrono::seconds(30)) {
    return {.clock = &RealClock(), .deadline = Deadline::In(RealClock(), limit)};
  }
  std::unique_ptr<Session> Open() {
    auto opened = Session::Open(Within(), Good());
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? *std::move(opened) : nullptr;
  }

  tests::TempDir dir_;
};

TEST_F(SshSession, LogsInWithKeysOfBothKinds) {
  Target rsa = Good();
  rsa.private_key = SshServer::Shared().user_key("rsa");

  EXPECT_TRUE(Session::Open(Within(), Good()));
  EXPECT_TRUE(Session::Open(Within(), rsa));
}

// ssh-keygen's own format for it.
TEST_F(SshSession, OpensAnEncryptedKeyWithItsPassphraseAlone) {
  dir_.Write("key", std::string(Good().private_key.Reveal()));
  std::filesystem::permissions(dir_ / "key", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  tests::ChildProcess encrypt({"ssh-keygen", "-q", "-p", "-P", "", "-N", "correct horse", "-f", dir_ / "key"});
  ASSERT_EQ(encrypt.Join(), 0) << encrypt.output();
  Target target = Good();
  target.private_key = *base::ReadSmallFile(dir_ / "key");

  const auto without = Session::Open(Within(), target);
  target.key_passphrase = Secret("wrong horse");
  const auto wrong = Session::Open(Within(), target);
  target.key_passphrase = Secret("correct horse");
  const auto right = Session::Open(Within(), target);

  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().blame.attribute, "private_key_pem");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(wrong.error().blame.attribute, "private_key_passphrase");
  EXPECT_TRUE(right) << right.error().message;
}

TEST_F(SshSession, UsesTheAgentIfItMay) {
  const std::string socket = dir_ / "agent";
  tests::ChildProcess agent({"ssh-agent", "-D", "-a", socket});
  ASSERT_TRUE(agent.WaitForOutput("SSH_AUTH_SOCK"));
  Target target = Good();
  target.private_key = {};
  target.use_agent = true;
  const tests::ScopedVariable variable("SSH_AUTH_SOCK", socket);

  const auto without_keys = Session::Open(Within(), target);
  dir_.Write("key", std::string(Good().private_key.Reveal()));
  std::filesystem::permissions(dir_ / "key", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  tests::ChildProcess add({"ssh-add", dir_ / "key"});
  ASSERT_EQ(add.Join(), 0) << add.output();
  const auto with_key = Session::Open(Within(), target);

  ASSERT_FALSE(without_keys);
  EXPECT_EQ(without_keys.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(without_keys.error().blame.attribute, "use_agent");
  EXPECT_TRUE(with_key) << with_key.error().message;
}

TEST_F(SshSession, KnowsTheHostByAHashedKnownHostsFile) {
  Target target = Good();
  target.host_keys = {};
  target.known_hosts_path = SshServer::Shared().KnownHosts();
  EXPECT_TRUE(Session::Open(Within(), target));

  target.known_hosts_path = dir_ / "empty";
  const auto unknown = Session::Open(Within(), target);

  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(unknown.error().blame.attribute, "known_hosts_path");
}

TEST_F(SshSession, DoesNotLogInToAHostThatIsNotKnown) {
  Target target = Good();
  // The right type, another key.
  target.host_keys = {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"};

  const auto refused = Session::Open(Within(), target);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(refused.error().blame.attribute, "host_key");
  const std::string shown = SshServer::Shared().host_key();
  EXPECT_THAT(refused.error().message, HasSubstr(shown.substr(0, shown.rfind(' '))));
}

TEST_F(SshSession, BlamesTheKeyThatIsRefusedOrUnreadable) {
  Target target = Good();
  target.private_key = SshServer::Shared().user_key("other");
  const auto refused = Session::Open(Within(), target);
  target.private_key = Secret("no key");
  const auto unreadable = Session::Open(Within(), target);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(refused.error().blame.attribute, "private_key_pem");
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error().kind, ErrorKind::kInvalid);
}

TEST_F(SshSession, NobodyListensAndNoSuchHost) {
  Target target = Good();
  target.port = 1;
  const auto refused = Session::Open(Within(), target);
  target.host = "no-such-host.invalid";
  const auto unknown = Session::Open(Within(), target);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("connection refused"));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::kNotFound);
}

TEST_F(SshSession, WritesReadsReplacesAndRemovesFiles) {
  const auto session = Open();
  ASSERT_NE(session, nullptr);
  const std::string large(100'000, 'x');

  ASSERT_TRUE(session->MakeFolders(Within(), dir_ / "a/b"));
  ASSERT_TRUE(session->Create(Within(), dir_ / "a/b/new", Secret(large), 0640));
  dir_.Write("a/b/file", "old");
  ASSERT_TRUE(session->Replace(Within(), dir_ / "a/b/new", dir_ / "a/b/file"));

  const auto found = session->Find(Within(), dir_ / "a/b/file");
  ASSERT_TRUE(found && *found);
  EXPECT_TRUE((*found)->regular);
  EXPECT_EQ((*found)->mode, 0640U);
  EXPECT_EQ((*found)->content->Reveal(), large);
  ASSERT_TRUE(session->Remove(Within(), dir_ / "a/b/file"));
  ASSERT_TRUE(session->Remove(Within(), dir_ / "a/b/file"));
  EXPECT_FALSE(session->Find(Within(), dir_ / "a/b/file")->has_value());
  session->RemoveEmptyFolder(Within(), dir_ / "a/b");
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"a"}));
}

TEST_F(SshSession, NewFilesGoOverNothing) {
  const auto session = Open();
  ASSERT_NE(session, nullptr);
  dir_.Write("file", "old");

  EXPECT_FALSE(session->Create(Within(), dir_ / "file", Secret("new"), 0600));
  EXPECT_EQ(dir_.Read("file"), "old");
  const auto folder = session->Create(Within(), dir_ / "none/file", Secret("new"), 0600);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, ErrorKind::kNotFound);
}

TEST_F(SshSession, RunsProgramsAndTellsHowTheyEnded) {
  const auto session = Open();
  ASSERT_NE(session, nullptr);

  const auto finished = session->Run(Within(), {.line = "echo out; echo err >&2; exit 7"});
  const auto fine = session->Run(Within(), {.line = "true"});

  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(finished->exit_code, 7);
  EXPECT_EQ(finished->output, "out\n");
  EXPECT_EQ(finished->errors, "err\n");
  ASSERT_TRUE(fine);
  EXPECT_EQ(fine->exit_code, 0);
}

TEST_F(SshSession, AStopIsHeardWhileAProgramRuns) {
  const auto session = Open();
  ASSERT_NE(session, nullptr);
  std::stop_source stop;
  Call call = Within();
  call.stop = stop.get_token();
  std::jthread stopper([&] {
    while (!std::filesystem::exists(dir_ / "started")) std::this_thread::yield();
    stop.request_stop();
  });

  const auto finished = session->Run(call, {.line = "touch '" + dir_ / "started'" + "; sleep 20"});

  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(session->is_broken());
}

TEST_F(SshSession, ADeadlineEndsAProgram) {
  const auto session = Open();
  ASSERT_NE(session, nullptr);
  Call call = Within();
  call.deadline = Deadline::In(RealClock(), std::chrono::milliseconds(50));

  const auto finished = session->Run(call, {.line = "sleep 20"});

  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::kTimeout);
}

// It takes the connection and never says a word.
TEST_F(SshSession, ASilentServerEndsWithTheCall) {
  const tests::LoopbackServer silent([](const http::Request&) { return tests::Reply{"", tests::After::kHold}; });
  Target target = Good();
  target.port = static_cast<std::uint16_t>(silent.port());
  const Call call{.clock = &RealClock(), .deadline = Deadline::In(RealClock(), std::chrono::milliseconds(200))};

  const auto opened = Session::Open(call, target);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kTimeout);
}

}  // namespace
}  // namespace base::ssh
