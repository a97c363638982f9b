// SPDX-License-Identifier: MPL-2.0
// The ssh_host destination against Debian's OpenSSH server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>

#include "engine/sync/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/support/ssh_server.h"

namespace tests {
namespace {

using engine::connections::Connection;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using engine::sync::Settings;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

// Others may interfere when bytes are asked for: once for each file that is about to be written.
class InterruptingRandom final : public base::Random {
 public:
  std::string Bytes(std::size_t count) override {
    if (--left_ == 0) interrupt_();
    return base::SystemRandom().Bytes(count);
  }
  void OnCall(int nth, std::function<void()> interrupt) {
    left_ = nth;
    interrupt_ = std::move(interrupt);
  }

 private:
  int left_ = 0;
  std::function<void()> interrupt_;
};

Connection Connect() {
  const SshServer& server = SshServer::Shared();
  Connection connection{
      .kind = "ssh", .id = "c", .settings = {{"user", server.user()}, {"host_key", server.host_key()}}, .secrets = {}};
  connection.secrets.emplace("private_key", server.user_key("ed25519"));
  return connection;
}

const engine::sync::DestinationSpec& Spec() { return *engine::sync::FindDestination("ssh_host"); }

std::unique_ptr<Destination> Make(const std::string& directory, Settings settings = {},
                                  base::Random* random = &base::SystemRandom()) {
  const Connection connection = Connect();
  settings.try_emplace("host", "127.0.0.1");
  settings.try_emplace("port", std::to_string(SshServer::Shared().port()));
  settings.try_emplace("directory", directory);
  auto made = Spec().make(settings, &connection, {.http = nullptr, .random = random}, "5c0e");
  EXPECT_TRUE(made) << made.error().message;
  return *std::move(made);
}

class SshHarness final : public DestinationHarness {
 public:
  Destination& destination() override { return *destination_; }
  std::string Snapshot() override {
    std::string all;
    for (const std::string& name : dir_.Entries()) {
      struct stat status {};
      lstat((dir_ / name).c_str(), &status);
      all += base::Cat(name, ' ', status.st_ino, ' ', status.st_mode, ' ', status.st_mtim.tv_nsec, '\n');
    }
    return all;
  }
  void ReplaceCertificate(const Deployed& deployed) override {
    dir_.Write(deployed.name + ".crt", MakeTestBundle("other").chain.front().pem);
  }
  void TakeAway(const Deployed& deployed) override {
    for (const char* suffix : {".crt", ".key"}) std::filesystem::remove(dir_ / (deployed.name + suffix));
  }
  bool DamageBesideLeaf(const Deployed& deployed) override {
    dir_.Write(deployed.name + ".key", "damaged");
    return true;
  }
  void PlaceForeign(const std::string& name) override {
    foreign_ = name + ".key";
    dir_.Write(foreign_, "foreign");
  }
  bool ForeignIsIntact() override { return dir_.Read(foreign_) == "foreign"; }
  // A folder takes the place of the .crt.
  void BreakNextPut(const std::string& name) override {
    obstacle_ = dir_ / (name + ".crt");
    random_.OnCall(2, [this] {
      std::filesystem::remove(obstacle_);
      std::filesystem::create_directory(obstacle_);
    });
  }
  void Mend() override { std::filesystem::remove(obstacle_); }

 private:
  TempDir dir_;
  InterruptingRandom random_;
  std::unique_ptr<Destination> destination_ = Make(dir_.path().string(), {}, &random_);
  std::string foreign_;
  std::string obstacle_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(SshHost, DestinationContract, SshHarness);

class SshHost : public testing::Test {
 protected:
  void SetUp() override { RequireSshServer(); }
  std::unique_ptr<Destination> With(Settings settings = {}) { return Make(dir_.path().string(), std::move(settings)); }
  Deployed Put(Destination& destination, const std::string& name, const std::optional<Deployed>& previous = std::nullopt) {
    std::optional<Deployed> now;
    const auto put = destination.Put(clock_.Call(), name, bundle_, previous, now);
    EXPECT_TRUE(put) << (put ? "" : put.error().message);
    return now.value_or(Deployed{});
  }

  TempDir dir_;
  FakeClock clock_;
  Bundle bundle_ = MakeTestBundle(kId);
};

TEST_F(SshHost, WritesFilesWithTheirModes) {
  const Deployed now = Put(*With({{"private_key_mode", "0640"}}), "team/web");

  EXPECT_THAT(dir_.Entries(), ElementsAre("team", "team/web.crt", "team/web.key"));
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

TEST_F(SshHost, TakesTheFilesOfTheFormerLayoutAway) {
  const Deployed separate = Put(*With({{"layout", "separate_chain"}}), "web");

  Put(*With(), "web", separate);

  EXPECT_THAT(dir_.Entries(), ElementsAre("web.crt", "web.key"));
}

TEST_F(SshHost, RunsTheProgramOnceAndArgumentsArriveAsWritten) {
  const auto destination = With({{"after_change", base::Cat("sh\n-c\necho \"$0\" >>'", dir_ / "log", "'\nit's $HOME; *")}});
  Put(*destination, "web");
  Put(*destination, "mail");

  const auto finished = destination->Finish(clock_.Call());

  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(dir_.Read("log"), "it's $HOME; *\n");
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
  connection.settings["host_key"] = base::Cat("other.test ", SshServer::Shared().host_key());

  const auto made = Spec().make({{"host", "127.0.0.1"}, {"directory", "/x"}}, &connection, {.http = nullptr}, "5c0e");

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "host_key");
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
    const auto problems = Spec().validate({{field, value}});
    ASSERT_EQ(problems.size(), 1U) << field << '=' << value;
    EXPECT_EQ(problems.front().field, field);
  }
  EXPECT_TRUE(Spec().validate({{"host", "web-1.example.com"}, {"directory", "/etc/ssl/web/"}}).empty());
}

}  // namespace
}  // namespace tests
