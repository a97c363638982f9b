// SPDX-License-Identifier: MPL-2.0
// The destination over a channel in memory. A real program and a real server are in tests/engine/vendors.
#include "engine/sync/user_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <thread>

#include "base/json.h"
#include "base/text.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"

namespace engine::sync {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;
using testing::HasSubstr;

// What it was asked, and what it says next; then that nothing is there.
struct Script {
  std::vector<Json> requests{};
  std::deque<Result<std::string>> answers{};
};

class ScriptedChannel final : public UserStoreChannel {
 public:
  explicit ScriptedChannel(Script& script) : script_(script) {}
  Result<std::string> Send(const Call&, const UserStoreRequest& request) override {
    script_.requests.push_back(*base::ParseJson(request.body.Reveal()));
    if (script_.answers.empty()) return Error{ErrorKind::kNotFound, "nothing is there"};
    auto answer = std::move(script_.answers.front());
    script_.answers.pop_front();
    return answer;
  }

 private:
  Script& script_;
};

class UserStore : public tests::DestinationTest {
 protected:
  std::unique_ptr<Destination> Make(const tests::SettingEntries& settings = {}, bool resumes_create = false) {
    return MakeUserStoreDestination(std::make_unique<ScriptedChannel>(script_),
                                    {.settings = tests::DestinationSettings("exec", settings),
                                     .sync_id = "5c0e",
                                     .resumes_create = resumes_create,
                                     .find_kinship = [](std::string_view) { return Kinship::kStranger; }});
  }
  // Of an object with our marks.
  std::string Answer(const Bundle& bundle, const std::string& external_id = "x/web") const {
    Json answer = Unmarked(bundle, external_id);
    answer["sync_id"] = "5c0e";
    answer["certificate_id"] = kCertificateId;
    return base::DumpJson(answer);
  }
  static Json Unmarked(const Bundle& bundle, const std::string& external_id = "x/web") {
    return {{"external_id", external_id}, {"version", "1"}, {"fingerprint_sha256", bundle.chain.front().fingerprint_sha256}};
  }
  std::vector<std::string> Operations() const {
    std::vector<std::string> operations;
    for (const Json& one : script_.requests) operations.push_back(one.at("operation").get<std::string>());
    return operations;
  }

  Script script_;
  const Bundle bundle_ = tests::MakeTestBundle(kCertificateId);
};

TEST_F(UserStore, LooksByNameBeforeItCreates) {
  script_.answers = {Error{ErrorKind::kNotFound, "nothing"}, Answer(bundle_)};

  const Deployed now = Put(*Make(), "web", bundle_);

  EXPECT_EQ(Operations(), (std::vector<std::string>{"observe", "put"}));
  EXPECT_EQ(script_.requests[0].value("name", ""), "web");
  EXPECT_FALSE(script_.requests[0].contains("external_id"));
  EXPECT_FALSE(script_.requests[1].contains("external_id"));
  EXPECT_EQ(now.external_id, "x/web");
  EXPECT_EQ(now.parts, (Parts{{"marks", "complete"}}));
}

TEST_F(UserStore, WritesOverWhatItSaw) {
  const Deployed known{
      .name = "web", .external_id = "x/web", .version = "1", .fingerprint_sha256 = "old", .certificate_id = kCertificateId};
  script_.answers = {Answer(tests::MakeTestBundle(kCertificateId)), Answer(bundle_)};

  Put(*Make(), "web", bundle_, known);

  EXPECT_EQ(script_.requests[0].value("external_id", ""), "x/web");
  EXPECT_EQ(script_.requests[1].value("external_id", ""), "x/web");
  EXPECT_EQ(script_.requests[1].value("version", ""), "1");
}

// The object that was asked for is gone.
TEST_F(UserStore, AnotherObjectOfTheNameIsNotTheOneThatWasPut) {
  script_.answers = {Answer(bundle_, "x/other")};

  const auto seen = Make()->Observe(Call(), {.name = "web", .external_id = "x/web", .certificate_id = kCertificateId});

  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->has_value());
}

TEST_F(UserStore, AnAnswerAboutAnotherCertificateIsAnError) {
  script_.answers = {Error{ErrorKind::kNotFound, "nothing"}, Answer(tests::MakeTestBundle(kCertificateId))};

  const auto put = TryPut(*Make(), "web", bundle_);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kProtocol);
  EXPECT_THAT(put.error().message, HasSubstr("another `fingerprint_sha256`"));
}

// What was put is in the state, so that it can be withdrawn.
TEST_F(UserStore, AStoreThatKeepsNoMarksHasToSaySo) {
  script_.answers = {Error{ErrorKind::kNotFound, "nothing"}, base::DumpJson(Unmarked(bundle_))};

  const auto put = TryPut(*Make(), "web", bundle_);

  ASSERT_FALSE(put);
  EXPECT_THAT(put.error().message, HasSubstr("set `marks = false`"));
  EXPECT_EQ(put.error().blame, DestinationField("marks"));
  ASSERT_TRUE(now_);
  EXPECT_EQ(now_->external_id, "x/web");
  EXPECT_TRUE(now_->unfinished);
}

TEST_F(UserStore, WithoutMarksTheSameCertificateIsOursOnlyAfterAKill) {
  const std::string there = base::DumpJson(Unmarked(bundle_));
  script_.answers = {there};
  const auto refused = TryPut(*Make({{"marks", false}}), "web", bundle_);
  script_.answers = {there, there};

  const auto resumed = TryPut(*Make({{"marks", false}}, true), "web", bundle_);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_THAT(refused.error().message, HasSubstr("\"web\" (x/web) exists and was not put there by this sync"));
  EXPECT_TRUE(resumed) << resumed.error().message;
}

TEST_F(UserStore, APutWhoseAnswerWasLostIsFoundByALook) {
  script_.answers = {Error{ErrorKind::kNotFound, "nothing"}, Error{ErrorKind::kTimeout, "lost"}, Answer(bundle_)};

  const Deployed now = Put(*Make(), "web", bundle_);

  EXPECT_EQ(Operations(), (std::vector<std::string>{"observe", "put", "observe"}));
  EXPECT_EQ(now.external_id, "x/web");
}

TEST_F(UserStore, ARemovalNamesWhatItRemoves) {
  const Deployed known{.name = "web",
                       .external_id = "x/web",
                       .version = "1",
                       .fingerprint_sha256 = bundle_.chain.front().fingerprint_sha256,
                       .certificate_id = kCertificateId};
  script_.answers = {Answer(bundle_), std::string("{}")};

  ASSERT_TRUE(Make()->Remove(Call(), known));

  EXPECT_EQ(Operations(), (std::vector<std::string>{"observe", "remove"}));
  EXPECT_EQ(script_.requests[1].value("fingerprint_sha256", ""), known.fingerprint_sha256);
  EXPECT_EQ(script_.requests[1].value("external_id", ""), "x/web");
}

TEST_F(UserStore, AnImportLooksByIdAndWritesUnderTheSyncsName) {
  const auto destination = Make();
  script_.answers = {Answer(bundle_), Answer(bundle_), Answer(bundle_)};

  const auto adopted = destination->Adopt(Call(), "x/web", Adoption::kMarked);
  ASSERT_TRUE(adopted) << adopted.error().message;
  Put(*destination, "web", bundle_, *adopted);

  EXPECT_EQ(adopted->certificate_id, kCertificateId);
  EXPECT_EQ(script_.requests[0].value("external_id", ""), "x/web");
  EXPECT_FALSE(script_.requests[0].contains("name"));
  EXPECT_EQ(script_.requests[2].value("name", ""), "web");
}

TEST_F(UserStore, WithoutObservingTheReceiptIsTrusted) {
  const auto destination = Make({{"observe", false}});
  script_.answers = {base::DumpJson(Unmarked(bundle_)), base::DumpJson(Unmarked(bundle_)), std::string("{}")};

  const Deployed first = Put(*destination, "web", bundle_);
  const auto seen = destination->Observe(Call(), first);
  Put(*destination, "web", bundle_, first);
  ASSERT_TRUE(destination->Remove(Call(), first));

  ASSERT_TRUE(seen && *seen);
  EXPECT_EQ((*seen)->fingerprint_sha256, first.fingerprint_sha256);
  EXPECT_EQ(Operations(), (std::vector<std::string>{"put", "put", "remove"}));
  EXPECT_FALSE(script_.requests[0].contains("external_id"));
  EXPECT_EQ(script_.requests[1].value("external_id", ""), "x/web");
  EXPECT_EQ(script_.requests[2].value("fingerprint_sha256", ""), first.fingerprint_sha256);
}

TEST_F(UserStore, WithoutObservingAConflictIsTheStoresWord) {
  script_.answers = {Error{ErrorKind::kConflict, "it is taken"}};
  const auto destination = Make({{"observe", false}});

  const auto put = TryPut(*destination, "web", bundle_);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().message, "it is taken");
  EXPECT_FALSE(now_);
  EXPECT_EQ(Operations(), (std::vector<std::string>{"put"}));
  EXPECT_TRUE(destination->Remove(Call(), {.name = "web", .external_id = "x/web"})) << "what is gone is removed";
  EXPECT_EQ(destination->Adopt(Call(), "x/web", Adoption::kAny).error().blame, DestinationField("observe"));
}

class CountingChannel final : public UserStoreChannel {
 public:
  CountingChannel(std::atomic<int>& now, std::atomic<int>& most) : now_(now), most_(most) {}
  Result<std::string> Send(const Call&, const UserStoreRequest&) override {
    most_ = std::max<int>(most_, ++now_);
    std::this_thread::yield();
    --now_;
    return Error{ErrorKind::kNotFound, "nothing is there"};
  }

 private:
  std::atomic<int>& now_;
  std::atomic<int>& most_;
};

// Not even by two destinations, as a sync has them while it moves.
TEST_F(UserStore, NeverHasTwoCallsOfOneSyncUnderWay) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  const connections::Deps deps;
  std::vector<std::unique_ptr<Destination>> destinations;
  for (int i = 0; i < 4; ++i) {
    destinations.push_back(
        MakeUserStoreDestination(std::make_unique<CountingChannel>(now, most),
                                 {.settings = tests::DestinationSettings("exec"), .deps = deps, .sync_id = "5c0e"}));
  }
  {
    std::vector<std::jthread> threads;
    for (const auto& one : destinations) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) EXPECT_TRUE(one->Observe(Call(), {.name = "web", .external_id = "x/web"}));
      });
    }
  }

  EXPECT_EQ(most, 1);
}

TEST(CheckUserStore, WantsATimeLimit) {
  EXPECT_TRUE(CheckUserStore(tests::DestinationSettings("exec")).empty());
  EXPECT_TRUE(CheckUserStore(tests::DestinationSettings("exec", {{"timeout", "90s"}})).empty());
  for (const char* bad : {"soon", "0s", "500ms", "2h"}) {
    const auto problems = CheckUserStore(tests::DestinationSettings("exec", {{"timeout", bad}}));
    ASSERT_EQ(problems.size(), 1U) << bad;
    EXPECT_EQ(problems.front().field, "timeout");
  }
}

TEST(ExplainCallLimit, NamesTheLimitThatEndedTheWait) {
  tests::FakeClock clock;
  const Error timeout{ErrorKind::kTimeout, "the time allowed for this operation has passed"};

  const Error explained = ExplainCallLimit(clock.Call(), std::chrono::seconds(90), timeout);
  std::stop_source stop;
  stop.request_stop();
  Call stopped = clock.Call();
  stopped.stop = stop.get_token();

  EXPECT_EQ(explained.message, "it took longer than 1m30s, the `timeout` of the destination");
  EXPECT_EQ(explained.blame, DestinationField("timeout"));
  EXPECT_EQ(ExplainCallLimit(stopped, std::chrono::seconds(90), timeout).message, timeout.message);
}

}  // namespace
}  // namespace engine::sync
