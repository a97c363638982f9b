// SPDX-License-Identifier: MPL-2.0
// The exec destination with the sample program of examples/certificate-store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/exec/sample_store.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"

namespace tests::exec_destination {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

Connection Connect(const std::string& program) {
  return {.kind = "exec", .id = "c", .settings = ConnectionSettings("exec", {{"program", program}})};
}

std::unique_ptr<Destination> Make(const SampleStore& store, SettingEntries settings = {},
                                  const std::optional<Connection>& connection = std::nullopt) {
  settings.try_emplace("settings", base::SettingMap{{"folder", store.folder()}});
  const Connection used = connection ? *connection : Connect(store.program());
  return MakeTestDestination(
      "exec", {.settings = DestinationSettings("exec", settings), .connection = &used, .deps = {.allow_exec = true}});
}

class SampleStoreHarness : public DestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(store_, {{"marks", has_marks()}});
    return *destination_;
  }
  std::string Snapshot() override { return store_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    store_.Change(deployed.name, "certificate_pem", MakeTestBundle(kId).chain.front().pem);
  }
  void TakeAway(const Deployed& deployed) override { store_.Erase(deployed.name); }
  void DamageBesideLeaf(const Deployed& deployed) override { store_.Change(deployed.name, "private_key_pem", "damaged"); }
  void PlaceForeign(const std::string& name) override {
    foreign_ = name;
    store_.Place(name, kForeign);
  }
  bool ForeignIsIntact() override { return store_.Get(foreign_) == kForeign; }
  void BreakNextPut(const std::string&) override { store_.Break(); }
  void Mend() override { store_.Mend(); }
  void DieAtWrite(int nth) override { store_.DieAtWrite(nth); }
  void Revive() override { store_.Revive(); }

 private:
  const base::Json kForeign{{"version", 3},         {"sync_id", ""},
                            {"certificate_id", ""}, {"certificate_pem", MakeTestBundle(kId).chain.front().pem},
                            {"chain_pem", ""},      {"private_key_pem", "theirs"}};
  SampleStore store_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
};

class UnmarkedStoreHarness final : public SampleStoreHarness {
 public:
  bool has_marks() const override { return false; }
};

INSTANTIATE_TEST_SUITE_P(Exec, DestinationContract, testing::Values(MakeHarness<SampleStoreHarness>));
INSTANTIATE_TEST_SUITE_P(ExecWithoutMarks, DestinationContract, testing::Values(MakeHarness<UnmarkedStoreHarness>));

class ExecDestination : public DestinationTest {
 protected:
  // A connection with this shell script, which gets its request on stdin.
  Connection Script(const std::string& body) const {
    folder_.Write("script", "#!/bin/sh\n" + body);
    std::filesystem::permissions(folder_ / "script", std::filesystem::perms::owner_all);
    return Connect(folder_ / "script");
  }
  base::Call RealCall() {
    base::Call call = Call();
    call.clock = &base::RealClock();
    call.deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(30));
    return call;
  }
  base::Error FailToObserve(const Connection& connection, const SettingEntries& settings = {}) {
    const auto seen = Make(store_, settings, connection)->Observe(RealCall(), {.name = "web", .external_id = "x"});
    EXPECT_FALSE(seen);
    return seen ? base::Error{} : seen.error();
  }

  TempDir folder_;
  SampleStore store_;
  const Bundle bundle_ = MakeTestBundle(kId);
};

TEST_F(ExecDestination, IsRefusedWithoutAllowExec) {
  const Connection connection = Connect(store_.program());

  const auto made = MakeDestination(*engine::vendors::FindDestination("exec"),
                                    {.settings = DestinationSettings("exec"), .connection = &connection});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(made.error().blame, engine::connections::ConnectionField("program"));
}

TEST_F(ExecDestination, HandsTheKeyToPutAloneAndOnlyOnStdin) {
  const auto destination = Make(store_);
  const Deployed now = Put(*destination, "web", bundle_);
  ASSERT_TRUE(destination->Observe(Call(), now));
  ASSERT_TRUE(destination->Remove(Call(), now));

  const std::string line = base::Split(bundle_.private_key_pem.Reveal(), '\n')[1];
  std::vector<std::string> with_key;
  for (const std::string& request : store_.requests()) {
    if (request.find(line) == std::string::npos) continue;
    with_key.push_back(*base::FindString(*base::ParseJson(request), "operation"));
  }
  EXPECT_THAT(with_key, ElementsAre("put"));
  EXPECT_EQ(store_.requests().size(), 5U);
  EXPECT_EQ(store_.surroundings().find(line), std::string::npos);
  for (const std::string& seen : base::Split(store_.surroundings(), '\n')) {
    EXPECT_TRUE(!seen.starts_with("arguments: ") || seen == "arguments: 0") << seen;
  }
  EXPECT_FALSE(store_.Has("web"));
}

TEST_F(ExecDestination, AConflictIsWhatTheProgramSays) {
  store_.ExitNext(4, 1);

  const auto error = FailToObserve(Connect(store_.program()));

  EXPECT_EQ(error.kind, ErrorKind::kConflict);
  EXPECT_EQ(error.message, store_.program() + " reports a conflict: observe web");
  EXPECT_THAT(error.details, ElementsAre("a reason of its own"));
}

TEST_F(ExecDestination, WhatIsToBeTriedLaterIsTriedAgain) {
  store_.ExitNext(75, 2);

  const Deployed now = Put(*Make(store_), "web", bundle_);

  EXPECT_EQ(now.external_id, store_.folder() + "/web.json");
  EXPECT_EQ(store_.requests().size(), 4U) << "observe three times, and put";
}

TEST_F(ExecDestination, WhatIsToBeTriedLaterIsNotTriedForever) {
  store_.ExitNext(75, 20);

  const auto put = TryPut(*Make(store_), "web", bundle_);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kRateLimited);
  EXPECT_EQ(put.error().message, store_.program() + " asks to try again later: observe web");
  EXPECT_EQ(store_.requests().size(), 4U);
}

TEST_F(ExecDestination, AFailureShowsTheLastLinesOfStderr) {
  const auto error = FailToObserve(Script("cat > /dev/null; echo out; echo first >&2; echo last >&2; exit 9"));

  EXPECT_EQ(error.kind, ErrorKind::kUnavailable);
  EXPECT_EQ(error.message, folder_ / "script" + " observe web failed with exit code 9");
  EXPECT_THAT(error.details, ElementsAre("first", "last"));
}

TEST_F(ExecDestination, ACallThatTakesTooLongIsEnded) {
  const auto error = FailToObserve(Script("sleep 100"), {{"timeout", "1s"}});

  EXPECT_EQ(error.kind, ErrorKind::kTimeout);
  EXPECT_EQ(error.message, "it took longer than 1s, the `timeout` of the destination");
}

TEST_F(ExecDestination, AMissingProgramBlamesTheConnection) {
  const auto error = FailToObserve(Connect("/nowhere/store"));

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.message, "there is no program /nowhere/store");
  EXPECT_EQ(error.blame, engine::connections::ConnectionField("program"));
}

TEST_F(ExecDestination, AnAnswerOfMoreThan64KilobytesIsRefused) {
  const auto error = FailToObserve(Script("cat > /dev/null; head -c 70000 /dev/zero | tr '\\0' ' '; echo '{}'"));

  EXPECT_EQ(error.kind, ErrorKind::kProtocol);
  EXPECT_EQ(error.message, "the answer is longer than 64 kB");
}

TEST_F(ExecDestination, AProgramThatAnswersSomethingElseIsRefused) {
  EXPECT_THAT(FailToObserve(Script("cat > /dev/null; echo done")).message, HasSubstr("the answer is not one JSON object"));
}

}  // namespace
}  // namespace tests::exec_destination
