// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/destination_contract.h"

namespace tests {
namespace {

using engine::sync::Kinship;

constexpr const char* kOtherSyncId = "07e207e207e207e207e207e207e207e2";

TEST_P(DestinationContract, PutReportsWhatObserveSees) {
  const auto now = Put(bundle_);
  const auto observed = Observe(now);

  EXPECT_EQ(now.name, kName);
  EXPECT_EQ(now.certificate_id, kId);
  EXPECT_EQ(now.fingerprint_sha256, bundle_.chain.front().fingerprint_sha256);
  EXPECT_FALSE(now.external_id.empty());
  ASSERT_TRUE(observed.has_value());
  EXPECT_EQ(observed->external_id, now.external_id);
  EXPECT_EQ(observed->version, now.version);
  EXPECT_EQ(observed->fingerprint_sha256, now.fingerprint_sha256);
  EXPECT_EQ(observed->parts, now.parts);
  EXPECT_FALSE(now.parts.empty()) << "an empty record counts as one of a former version";
  EXPECT_EQ(observed->notes, now.notes);
}

// States of former versions: what the destination remembers is known, what it compares is not.
TEST_P(DestinationContract, ARecordWithoutPartsIsNotADifference) {
  auto former = Put(bundle_);
  former.parts.clear();
  const std::string before = harness_->Snapshot();

  const auto observed = Observe(former);

  ASSERT_TRUE(observed.has_value());
  EXPECT_FALSE(observed->parts.empty());
  EXPECT_EQ(NextAction(bundle_, former), engine::sync::Action::kUnchanged);
  EXPECT_EQ(harness_->Snapshot(), before);
}

TEST_P(DestinationContract, ASecondRunWritesNothing) {
  const auto now = Put(bundle_);
  const std::string before = harness_->Snapshot();

  EXPECT_EQ(NextAction(bundle_, now), engine::sync::Action::kUnchanged);
  EXPECT_EQ(harness_->Snapshot(), before);
}

TEST_P(DestinationContract, ARenewalStaysInPlace) {
  const auto first = Put(bundle_);
  const auto renewed = MakeTestBundle(kId);

  ASSERT_EQ(NextAction(renewed, first), engine::sync::Action::kReplace);
  const auto second = Put(renewed, first);

  EXPECT_EQ(second.external_id, first.external_id);
  EXPECT_EQ(second.fingerprint_sha256, renewed.chain.front().fingerprint_sha256);
  EXPECT_EQ(NextAction(renewed, second), engine::sync::Action::kUnchanged);
}

TEST_P(DestinationContract, AnotherCertificateInPlaceIsSeenAndRepaired) {
  const auto now = Put(bundle_);
  harness_->ReplaceCertificate(now);

  ASSERT_EQ(NextAction(bundle_, now), engine::sync::Action::kReplace);
  const auto repaired = Put(bundle_, now);

  EXPECT_EQ(NextAction(bundle_, repaired), engine::sync::Action::kUnchanged);
}

TEST_P(DestinationContract, ADamageBesideTheLeafIsSeenAndRepaired) {
  const auto now = Put(bundle_);
  harness_->DamageBesideLeaf(now);

  EXPECT_NE(engine::sync::DescribeDrift(now.parts, Observe(now)->parts), "");
  ASSERT_EQ(NextAction(bundle_, now), engine::sync::Action::kReplace);
  const auto repaired = Put(bundle_, now);

  EXPECT_EQ(repaired.parts, now.parts);
  EXPECT_EQ(NextAction(bundle_, repaired), engine::sync::Action::kUnchanged);
}

TEST_P(DestinationContract, WhatWasTakenAwayIsCreatedAgain) {
  const auto now = Put(bundle_);
  harness_->TakeAway(now);

  EXPECT_FALSE(Observe(now).has_value());
  ASSERT_EQ(NextAction(bundle_, now), engine::sync::Action::kCreate);
  EXPECT_EQ(NextAction(bundle_, Put(bundle_)), engine::sync::Action::kUnchanged);
}

TEST_P(DestinationContract, AForeignObjectOfTheSameNameIsNotTouched) {
  harness_->PlaceForeign(kName);

  const auto put = TryPut(bundle_);

  EXPECT_TRUE(harness_->ForeignIsIntact());
  // Where names need not differ, ours is put beside it.
  if (put) return;
  EXPECT_EQ(put.error().kind, base::ErrorKind::kConflict);
  EXPECT_NE(put.error().message.find(kName), std::string::npos) << put.error().message;
  EXPECT_FALSE(now_.has_value());
}

TEST_P(DestinationContract, RemoveLeavesNothingAndMayBeRepeated) {
  const std::string before = harness_->Snapshot();
  const auto now = Put(bundle_);

  Remove(now);
  EXPECT_EQ(harness_->Snapshot(), before);
  EXPECT_FALSE(Observe(now).has_value());
  Remove(now);
  EXPECT_EQ(harness_->Snapshot(), before);
}

TEST_P(DestinationContract, RemoveLeavesAloneWhatIsNotOursAnyMore) {
  const auto now = Put(bundle_);
  harness_->ReplaceCertificate(now);
  const std::string before = harness_->Snapshot();

  Remove(now);

  EXPECT_EQ(harness_->Snapshot(), before);
}

TEST_P(DestinationContract, ACreateThatFailsHalfWayReportsWhatItLeft) {
  harness_->BreakNextPut(kName);
  ASSERT_FALSE(TryPut(bundle_).ok());
  harness_->Mend();

  // Whatever is left is known, so that it can be withdrawn and made anew.
  if (now_) Remove(*now_);
  EXPECT_EQ(NextAction(bundle_, Put(bundle_)), engine::sync::Action::kUnchanged);
}

TEST_P(DestinationContract, ARenewalThatFailsHalfWayReportsWhatIsThere) {
  const auto first = Put(bundle_);
  const auto renewed = MakeTestBundle(kId);
  harness_->BreakNextPut(kName);

  ASSERT_FALSE(TryPut(renewed, first).ok());
  const auto now = now_;
  ASSERT_TRUE(now.has_value());
  const auto observed = Observe(*now);
  harness_->Mend();

  ASSERT_TRUE(observed.has_value());
  EXPECT_EQ(observed->fingerprint_sha256, now->fingerprint_sha256);
  EXPECT_EQ(observed->parts, now->parts);
  EXPECT_EQ(NextAction(renewed, Put(renewed, now)), engine::sync::Action::kUnchanged);
}

TEST_P(DestinationContract, AnInterruptedRunChangesNothing) {
  const auto now = Put(bundle_);
  const std::string before = harness_->Snapshot();
  std::stop_source stop;
  stop.request_stop();
  base::Call call = Call();
  call.stop = stop.get_token();

  std::optional<engine::sync::Deployed> after;
  const auto put = destination().Put(call, kName, MakeTestBundle(kId), now, after);
  const auto removed = destination().Remove(call, now);

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, base::ErrorKind::kCancelled);
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->fingerprint_sha256, now.fingerprint_sha256);
  ASSERT_FALSE(removed.ok());
  EXPECT_EQ(removed.error().kind, base::ErrorKind::kCancelled);
  EXPECT_EQ(harness_->Snapshot(), before);
}

TEST_P(DestinationContract, NoSecretIsSaid) {
  harness_->BreakNextPut(kName);
  EXPECT_FALSE(TryPut(bundle_).ok());
  harness_->Mend();
  if (now_) Remove(*now_);
  const auto now = Put(bundle_);
  Remove(now);
  harness_->PlaceForeign(kName);
  static_cast<void>(TryPut(bundle_));

  std::string said = base::Cat(said_, log_->text(), now.name, now.external_id, now.version, now.certificate_id);
  for (const auto* record : {&now.parts, &now.notes}) {
    for (const auto& [name, value] : *record) said.append(base::Cat('\n', name, '=', value));
  }
  ASSERT_FALSE(log_->text().empty()) << "a write is logged";
  // Each line of the key's PEM is a canary.
  for (const std::string& line : base::Split(bundle_.private_key_pem.Reveal(), '\n')) {
    if (line.size() < 16 || line.starts_with("-----")) continue;
    EXPECT_EQ(said.find(line), std::string::npos);
  }
}

// Renamed, split, or replaced: the new sync puts before the old one removes.
TEST_P(DestinationContract, AnotherSyncOfTheStateTakesOver) {
  const std::string before = harness_->Snapshot();
  const auto first = Put(bundle_);
  const std::string with_first = harness_->Snapshot();
  std::optional<Deployed> taken;
  {
    const ActingSync other(kOtherSyncId, Kinship::kSameState);
    if (!harness_->has_marks()) {
      EXPECT_FALSE(TryPut(bundle_));
      EXPECT_EQ(harness_->Snapshot(), with_first);
      return;
    }
    taken = Put(bundle_);
  }

  Remove(first);

  const ActingSync other(kOtherSyncId, Kinship::kSameState);
  EXPECT_EQ(NextAction(bundle_, *taken), Action::kUnchanged);
  Remove(*taken);
  EXPECT_EQ(harness_->Snapshot(), before);
}

TEST_P(DestinationContract, TheSameContentDoesNotOverrideTheMarkOfAnotherState) {
  const auto first = Put(bundle_);
  const std::string before = harness_->Snapshot();
  {
    const ActingSync other(kOtherSyncId, Kinship::kStranger);
    const auto put = TryPut(bundle_);
    if (put) {  // beside it, where names need not differ
      EXPECT_NE(now_->external_id, first.external_id);
      Remove(*now_);
    } else if (harness_->has_marks()) {
      EXPECT_EQ(put.error().kind, base::ErrorKind::kConflict) << put.error().message;
    }
    EXPECT_EQ(harness_->Snapshot(), before);
    if (!harness_->has_marks()) return;
    // A copy of the state that has the object too.
    Remove(first);
  }

  EXPECT_EQ(harness_->Snapshot(), before);
  EXPECT_EQ(NextAction(bundle_, first), Action::kUnchanged);
}

TEST_P(DestinationContract, AfterAKillAtAnyWriteThereIsOneObjectAndThenNone) {
  for (int nth = 1;; ++nth) {
    ASSERT_LT(nth, 50);
    harness_ = GetParam()();
    const std::string before = harness_->Snapshot();
    harness_->DieAtWrite(nth);
    bool is_done = false;
    try {
      is_done = TryPut(bundle_).ok();
    } catch (const Killed&) {
    }
    harness_->Revive();
    if (is_done) {
      EXPECT_GT(nth, 1) << "nothing was written";
      return;
    }

    // Where there are no marks, the journal alone tells what is whose.
    std::optional<ActingSync> resumed;
    if (!harness_->has_marks()) resumed.emplace(kTestSyncId, Kinship::kStranger, true);
    const auto now = Put(bundle_);
    EXPECT_EQ(NextAction(bundle_, now), Action::kUnchanged) << "killed at write " << nth;
    Remove(now);
    EXPECT_EQ(harness_->Snapshot(), before) << "killed at write " << nth;
  }
}

TEST_P(ApiDestinationContract, AThrottledRequestIsSentAgain) {
  FakeApi& api = harness().api();
  api.FailNext({harness().Throttled(), harness().Throttled()});

  const auto now = Put(bundle_);
  api.FailNext({harness().Throttled()});

  EXPECT_EQ(NextAction(bundle_, now), engine::sync::Action::kUnchanged);
  api.FailNext({harness().Throttled()});
  Remove(now);
  api.FailNext({});
  EXPECT_FALSE(Observe(now).has_value());
}

// What looks again with newer credentials, or removes with them, goes by this.
TEST_P(ApiDestinationContract, RefusedCredentialsAreDenied) {
  const auto now = Put(bundle_);
  const std::string before = harness_->Snapshot();
  harness().api().FailNext(std::deque<base::http::Response>(20, harness().Denied()));

  const auto removed = destination().Remove(Call(), now);
  harness().api().FailNext({});

  ASSERT_FALSE(removed.ok());
  EXPECT_EQ(removed.error().kind, base::ErrorKind::kDenied) << removed.error().message;
  EXPECT_EQ(harness_->Snapshot(), before);
}

}  // namespace
}  // namespace tests
