// SPDX-License-Identifier: MPL-2.0
// What every sync destination keeps, as tests. A destination's test file derives a harness from DestinationHarness and says
//   INSTANTIATE_TYPED_TEST_SUITE_P(LocalFiles, DestinationContract, LocalFilesHarness);
// A destination over an API derives it from ApiDestinationHarness, and instantiates ApiDestinationContract besides.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "engine/sync/destination.h"
#include "engine/sync/reconcile.h"
#include "tests/support/fake_api.h"
#include "tests/support/test_bundle.h"
#include "tests/support/test_destination.h"

namespace tests {

class DestinationHarness {
 public:
  virtual ~DestinationHarness() = default;
  virtual engine::sync::Destination& destination() = 0;
  // All that the destination holds, as text that differs as soon as anything was written, even the same once more.
  virtual std::string Snapshot() = 0;
  // What others do behind the sync's back: put their own certificate in the place of ours, take ours away, and change something
  // of it besides the leaf.
  virtual void ReplaceCertificate(const engine::sync::Deployed& deployed) = 0;
  virtual void TakeAway(const engine::sync::Deployed& deployed) = 0;
  virtual void DamageBesideLeaf(const engine::sync::Deployed& deployed) = 0;
  // An object of others that is called `name`, and whether it is still as it was.
  virtual void PlaceForeign(const std::string& name) = 0;
  virtual bool ForeignIsIntact() = 0;
  // The next Put of `name` fails half-way, after its first write; Mend ends that.
  virtual void BreakNextPut(const std::string& name) = 0;
  virtual void Mend() = 0;
};

class ApiDestinationHarness : public DestinationHarness {
 public:
  // The API that throttles, and what it says then.
  virtual FakeApi& api() = 0;
  virtual base::http::Response Throttled() { return JsonAnswer(429, base::Json::object(), {{"Retry-After", "1"}}); }
};

template <typename Harness>
class DestinationContract : public DestinationTest {
 protected:
  using Action = engine::sync::Action;

  static constexpr const char* kName = "web-0123456789abcdef0123456789abcdef";
  static constexpr const char* kId = kCertificateId;

  engine::sync::Destination& destination() { return harness_.destination(); }

  // What now exists is in `now_`.
  base::Result<void> TryPut(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    const auto put = DestinationTest::TryPut(destination(), kName, bundle, previous);
    if (!put) Note(put.error());
    return put;
  }

  Deployed Put(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::Put(destination(), kName, bundle, previous);
  }

  std::optional<Deployed> Observe(const Deployed& known) {
    const auto observed = destination().Observe(Call(), known);
    EXPECT_TRUE(observed.ok()) << (observed ? "" : observed.error().message);
    return observed ? *observed : std::nullopt;
  }

  void Remove(const Deployed& deployed) {
    const auto removed = destination().Remove(Call(), deployed);
    EXPECT_TRUE(removed.ok()) << (removed ? "" : removed.error().message);
  }

  // What the next run would do about the certificate.
  Action NextAction(const Bundle& wanted, const Deployed& known) {
    const std::vector<engine::sync::Wanted> want = {
        {.key = "web", .name = kName, .fingerprint_sha256 = wanted.chain.front().fingerprint_sha256, .certificate_id = kId}};
    const std::vector<engine::sync::Existing> existing = {{.key = "web", .known = known, .observed = Observe(known)}};
    return Decide(want, existing, engine::sync::LeftBehind::kRemove)->front().action;
  }

  void Note(const base::Error& error) {
    said_ += base::Cat(error.message, ' ', error.code, ' ', error.blame.attribute, ' ', base::Join(error.while_doing, " "), ' ',
                       base::Join(error.details, " "), '\n');
  }

  Harness harness_;
  std::string said_;  // by errors
  Bundle bundle_ = MakeTestBundle(kId);
};

TYPED_TEST_SUITE_P(DestinationContract);

TYPED_TEST_P(DestinationContract, PutReportsWhatObserveSees) {
  const auto now = this->Put(this->bundle_);
  const auto observed = this->Observe(now);

  EXPECT_EQ(now.name, this->kName);
  EXPECT_EQ(now.certificate_id, this->kId);
  EXPECT_EQ(now.fingerprint_sha256, this->bundle_.chain.front().fingerprint_sha256);
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
TYPED_TEST_P(DestinationContract, ARecordWithoutPartsIsNotADifference) {
  auto former = this->Put(this->bundle_);
  former.parts.clear();
  const std::string before = this->harness_.Snapshot();

  const auto observed = this->Observe(former);

  ASSERT_TRUE(observed.has_value());
  EXPECT_FALSE(observed->parts.empty());
  EXPECT_EQ(this->NextAction(this->bundle_, former), engine::sync::Action::kUnchanged);
  EXPECT_EQ(this->harness_.Snapshot(), before);
}

TYPED_TEST_P(DestinationContract, ASecondRunWritesNothing) {
  const auto now = this->Put(this->bundle_);
  const std::string before = this->harness_.Snapshot();

  EXPECT_EQ(this->NextAction(this->bundle_, now), engine::sync::Action::kUnchanged);
  EXPECT_EQ(this->harness_.Snapshot(), before);
}

TYPED_TEST_P(DestinationContract, ARenewalStaysInPlace) {
  const auto first = this->Put(this->bundle_);
  const auto renewed = MakeTestBundle(this->kId);

  ASSERT_EQ(this->NextAction(renewed, first), engine::sync::Action::kReplace);
  const auto second = this->Put(renewed, first);

  EXPECT_EQ(second.external_id, first.external_id);
  EXPECT_EQ(second.fingerprint_sha256, renewed.chain.front().fingerprint_sha256);
  EXPECT_EQ(this->NextAction(renewed, second), engine::sync::Action::kUnchanged);
}

TYPED_TEST_P(DestinationContract, AnotherCertificateInPlaceIsSeenAndRepaired) {
  const auto now = this->Put(this->bundle_);
  this->harness_.ReplaceCertificate(now);

  ASSERT_EQ(this->NextAction(this->bundle_, now), engine::sync::Action::kReplace);
  const auto repaired = this->Put(this->bundle_, now);

  EXPECT_EQ(this->NextAction(this->bundle_, repaired), engine::sync::Action::kUnchanged);
}

TYPED_TEST_P(DestinationContract, ADamageBesideTheLeafIsSeenAndRepaired) {
  const auto now = this->Put(this->bundle_);
  this->harness_.DamageBesideLeaf(now);

  EXPECT_NE(engine::sync::DescribeDrift(now.parts, this->Observe(now)->parts), "");
  ASSERT_EQ(this->NextAction(this->bundle_, now), engine::sync::Action::kReplace);
  const auto repaired = this->Put(this->bundle_, now);

  EXPECT_EQ(repaired.parts, now.parts);
  EXPECT_EQ(this->NextAction(this->bundle_, repaired), engine::sync::Action::kUnchanged);
}

TYPED_TEST_P(DestinationContract, WhatWasTakenAwayIsCreatedAgain) {
  const auto now = this->Put(this->bundle_);
  this->harness_.TakeAway(now);

  EXPECT_FALSE(this->Observe(now).has_value());
  ASSERT_EQ(this->NextAction(this->bundle_, now), engine::sync::Action::kCreate);
  EXPECT_EQ(this->NextAction(this->bundle_, this->Put(this->bundle_)), engine::sync::Action::kUnchanged);
}

TYPED_TEST_P(DestinationContract, AForeignObjectOfTheSameNameIsNotTouched) {
  this->harness_.PlaceForeign(this->kName);

  const auto put = this->TryPut(this->bundle_);

  EXPECT_TRUE(this->harness_.ForeignIsIntact());
  // Where names need not differ, ours is put beside it.
  if (put) return;
  EXPECT_EQ(put.error().kind, base::ErrorKind::kConflict);
  EXPECT_NE(put.error().message.find(this->kName), std::string::npos) << put.error().message;
  EXPECT_FALSE(this->now_.has_value());
}

TYPED_TEST_P(DestinationContract, RemoveLeavesNothingAndMayBeRepeated) {
  const std::string before = this->harness_.Snapshot();
  const auto now = this->Put(this->bundle_);

  this->Remove(now);
  EXPECT_EQ(this->harness_.Snapshot(), before);
  EXPECT_FALSE(this->Observe(now).has_value());
  this->Remove(now);
  EXPECT_EQ(this->harness_.Snapshot(), before);
}

TYPED_TEST_P(DestinationContract, RemoveLeavesAloneWhatIsNotOursAnyMore) {
  const auto now = this->Put(this->bundle_);
  this->harness_.ReplaceCertificate(now);
  const std::string before = this->harness_.Snapshot();

  this->Remove(now);

  EXPECT_EQ(this->harness_.Snapshot(), before);
}

TYPED_TEST_P(DestinationContract, ACreateThatFailsHalfWayReportsWhatItLeft) {
  this->harness_.BreakNextPut(this->kName);
  ASSERT_FALSE(this->TryPut(this->bundle_).ok());
  this->harness_.Mend();

  // Whatever is left is known, so that it can be withdrawn and made anew.
  if (this->now_) this->Remove(*this->now_);
  EXPECT_EQ(this->NextAction(this->bundle_, this->Put(this->bundle_)), engine::sync::Action::kUnchanged);
}

TYPED_TEST_P(DestinationContract, ARenewalThatFailsHalfWayReportsWhatIsThere) {
  const auto first = this->Put(this->bundle_);
  const auto renewed = MakeTestBundle(this->kId);
  this->harness_.BreakNextPut(this->kName);

  ASSERT_FALSE(this->TryPut(renewed, first).ok());
  const auto now = this->now_;
  ASSERT_TRUE(now.has_value());
  const auto observed = this->Observe(*now);
  this->harness_.Mend();

  ASSERT_TRUE(observed.has_value());
  EXPECT_EQ(observed->fingerprint_sha256, now->fingerprint_sha256);
  EXPECT_EQ(observed->parts, now->parts);
  EXPECT_EQ(this->NextAction(renewed, this->Put(renewed, now)), engine::sync::Action::kUnchanged);
}

TYPED_TEST_P(DestinationContract, AnInterruptedRunChangesNothing) {
  const auto now = this->Put(this->bundle_);
  const std::string before = this->harness_.Snapshot();
  std::stop_source stop;
  stop.request_stop();
  base::Call call = this->Call();
  call.stop = stop.get_token();

  std::optional<engine::sync::Deployed> after;
  const auto put = this->destination().Put(call, this->kName, MakeTestBundle(this->kId), now, after);
  const auto removed = this->destination().Remove(call, now);

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, base::ErrorKind::kCancelled);
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->fingerprint_sha256, now.fingerprint_sha256);
  ASSERT_FALSE(removed.ok());
  EXPECT_EQ(removed.error().kind, base::ErrorKind::kCancelled);
  EXPECT_EQ(this->harness_.Snapshot(), before);
}

TYPED_TEST_P(DestinationContract, NoSecretIsSaid) {
  this->harness_.BreakNextPut(this->kName);
  EXPECT_FALSE(this->TryPut(this->bundle_).ok());
  this->harness_.Mend();
  if (this->now_) this->Remove(*this->now_);
  const auto now = this->Put(this->bundle_);
  this->Remove(now);
  this->harness_.PlaceForeign(this->kName);
  static_cast<void>(this->TryPut(this->bundle_));

  std::string said = base::Cat(this->said_, this->log_->text(), now.name, now.external_id, now.version, now.certificate_id);
  for (const auto* record : {&now.parts, &now.notes}) {
    for (const auto& [name, value] : *record) said.append(base::Cat('\n', name, '=', value));
  }
  ASSERT_FALSE(this->log_->text().empty()) << "a write is logged";
  // Each line of the key's PEM is a canary.
  for (const std::string& line : base::Split(this->bundle_.private_key_pem.Reveal(), '\n')) {
    if (line.size() < 16 || line.starts_with("-----")) continue;
    EXPECT_EQ(said.find(line), std::string::npos);
  }
}

REGISTER_TYPED_TEST_SUITE_P(DestinationContract, PutReportsWhatObserveSees, ARecordWithoutPartsIsNotADifference,
                            ASecondRunWritesNothing, ARenewalStaysInPlace, AnotherCertificateInPlaceIsSeenAndRepaired,
                            ADamageBesideTheLeafIsSeenAndRepaired, WhatWasTakenAwayIsCreatedAgain,
                            AForeignObjectOfTheSameNameIsNotTouched, RemoveLeavesNothingAndMayBeRepeated,
                            RemoveLeavesAloneWhatIsNotOursAnyMore, ACreateThatFailsHalfWayReportsWhatItLeft,
                            ARenewalThatFailsHalfWayReportsWhatIsThere, AnInterruptedRunChangesNothing, NoSecretIsSaid);

template <typename Harness>
class ApiDestinationContract : public DestinationContract<Harness> {};

TYPED_TEST_SUITE_P(ApiDestinationContract);

TYPED_TEST_P(ApiDestinationContract, AThrottledRequestIsSentAgain) {
  FakeApi& api = this->harness_.api();
  api.FailNext({this->harness_.Throttled(), this->harness_.Throttled()});

  const auto now = this->Put(this->bundle_);
  api.FailNext({this->harness_.Throttled()});

  EXPECT_EQ(this->NextAction(this->bundle_, now), engine::sync::Action::kUnchanged);
  api.FailNext({this->harness_.Throttled()});
  this->Remove(now);
  api.FailNext({});
  EXPECT_FALSE(this->Observe(now).has_value());
}

REGISTER_TYPED_TEST_SUITE_P(ApiDestinationContract, AThrottledRequestIsSentAgain);

}  // namespace tests
