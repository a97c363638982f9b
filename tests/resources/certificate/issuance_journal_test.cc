// SPDX-License-Identifier: MPL-2.0
// What later runs do with what killed ones left, besides going on with it (killed_run_test.cc).
#include "resources/certificate/issuance_journal.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/resources/certificate/lab.h"

namespace tests {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using What = Accident::What;

// Requests of a run: directory and nonce come first, then these.
constexpr int kAtChallenge = 6;
constexpr int kAtDownload = 10;

class IssuanceJournalTest : public CertificateLab {
 protected:
  // Kills a first run for these names before the request of that number.
  void KillAt(int number, const std::vector<std::string>& names) {
    StartRun({What::kKilledBefore, number});
    FakeCore killed(*resource, context, clock);
    (void)killed.Apply(Config(killed, names));
    EXPECT_GE(requests(), number);
    Bury();
    StartRun({});
  }

  Outcome Apply(FakeCore& run, const std::vector<std::string>& names) { return run.Apply(Config(run, names)); }

  static std::string IdOf(const FakeCore& run) { return run.state().Get("certificate_id").AsString(); }

  FakeCore core{*resource, context, clock};
};

TEST_F(IssuanceJournalTest, CertificateThatTerraformDidNotSaveIsDeliveredWithoutAnOrder) {
  FakeCore killed(*resource, context, clock);
  ASSERT_FALSE(Apply(killed, {"www.example.test"}).has_failed());
  StartRun({});

  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());

  EXPECT_EQ(server->orders(), 1);
  EXPECT_EQ(core.state().Get("certificate_pem"), killed.state().Get("certificate_pem"));
  EXPECT_EQ(IdOf(core), IdOf(killed));
  EXPECT_THAT(Entries(), SizeIs(1));
}

TEST_F(IssuanceJournalTest, EntryGoesOnlyWhenALaterReadShowsTheCertificate) {
  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());
  EXPECT_THAT(Entries(), SizeIs(1));
  StartRun({});

  (void)core.Refresh();

  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(IssuanceJournalTest, TwinThatIsAddedWithoutARefreshGetsACertificateOfItsOwn) {
  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());
  StartRun({});
  resource->NoteSaved(context, core.state());
  FakeCore twin(*resource, context, clock);

  ASSERT_FALSE(Apply(twin, {"www.example.test"}).has_failed());

  EXPECT_NE(IdOf(core), IdOf(twin));
  EXPECT_EQ(server->certificates(), 2);
}

TEST_F(IssuanceJournalTest, TwinsOfOneRunDoNotTakeEachOthersCertificate) {
  FakeCore twin(*resource, context, clock);

  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());
  ASSERT_FALSE(Apply(twin, {"www.example.test"}).has_failed());

  EXPECT_NE(IdOf(core), IdOf(twin));
  EXPECT_EQ(server->certificates(), 2);
}

TEST_F(IssuanceJournalTest, TwinsOfAKilledRunGoOnWithAnEntryEach) {
  std::vector<std::string> ids;
  for (int i = 0; i < 2; ++i) {
    FakeCore killed(*resource, context, clock);
    ASSERT_FALSE(Apply(killed, {"www.example.test"}).has_failed());
    ids.push_back(IdOf(killed));
  }
  StartRun({});
  FakeCore twin(*resource, context, clock);

  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());
  ASSERT_FALSE(Apply(twin, {"www.example.test"}).has_failed());

  EXPECT_EQ(server->certificates(), 2);
  EXPECT_THAT((std::vector{IdOf(core), IdOf(twin)}), testing::UnorderedElementsAreArray(ids));
}

TEST_F(IssuanceJournalTest, RunInTheSameFolderTakesNothingFromOneThatLives) {
  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());
  const auto living = context.journal;
  StartRun({});
  FakeCore other(*resource, context, clock);

  ASSERT_FALSE(Apply(other, {"www.example.test"}).has_failed());

  EXPECT_NE(IdOf(core), IdOf(other));
  EXPECT_EQ(server->certificates(), 2);
}

TEST_F(IssuanceJournalTest, OrderOfAChangedConfigurationIsGivenUp) {
  KillAt(kAtChallenge, {"www.example.test"});
  ASSERT_THAT(server->txt(), SizeIs(1));

  const Outcome outcome = Apply(core, {"www.example.test", "api.example.test"});

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_THAT(server->txt(), IsEmpty());
  EXPECT_THAT(server->pending_authorizations(), IsEmpty());
  EXPECT_EQ(server->orders(), 2);
  EXPECT_EQ(server->certificates(), 1);
  EXPECT_THAT(Entries(), SizeIs(1));  // the new one's
}

TEST_F(IssuanceJournalTest, FinalizedOrderOfAChangedConfigurationIsKeptForItsOwn) {
  KillAt(kAtDownload, {"www.example.test"});
  ASSERT_FALSE(Apply(core, {"www.example.test", "api.example.test"}).has_failed());
  StartRun({});
  FakeCore own(*resource, context, clock);

  ASSERT_FALSE(Apply(own, {"www.example.test"}).has_failed());

  EXPECT_EQ(server->orders(), 2);
  EXPECT_THAT(server->txt(), IsEmpty());
}

TEST_F(IssuanceJournalTest, RecordsOfAnotherIssuanceAreRemovedAndItsOrderIsKept) {
  KillAt(kAtChallenge, {"www.example.test"});

  ASSERT_FALSE(Apply(core, {"api.example.test"}).has_failed());
  EXPECT_THAT(server->txt(), IsEmpty());
  FakeCore own(*resource, context, clock);
  ASSERT_FALSE(Apply(own, {"www.example.test"}).has_failed());

  EXPECT_EQ(server->orders(), 2);
}

TEST_F(IssuanceJournalTest, WhatNobodyAskedForInAWeekIsGivenUp) {
  KillAt(kAtChallenge, {"www.example.test"});
  clock.Advance(168h);

  ASSERT_FALSE(Apply(core, {"api.example.test"}).has_failed());

  EXPECT_THAT(server->txt(), IsEmpty());
  EXPECT_THAT(server->pending_authorizations(), IsEmpty());
  EXPECT_THAT(Entries(), SizeIs(1));
}

TEST_F(IssuanceJournalTest, RenewalThatWasKilledIsFinishedUnderTheSameId) {
  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());
  const std::string id = IdOf(core);
  const Value first = core.state().Get("certificate_pem");
  clock.Advance(24h * 80);
  StartRun({What::kKilledBefore, kAtDownload});
  (void)Apply(core, {"www.example.test"});
  ASSERT_EQ(core.state().Get("certificate_pem"), first);
  Bury();
  StartRun({});

  const Outcome outcome = Apply(core, {"www.example.test"});

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_NE(core.state().Get("certificate_pem"), first);
  EXPECT_EQ(IdOf(core), id);
  EXPECT_EQ(server->orders(), 2);
}

TEST_F(IssuanceJournalTest, NewTwinDoesNotTakeARenewal) {
  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());
  clock.Advance(24h * 80);
  StartRun({What::kKilledBefore, kAtDownload});
  (void)Apply(core, {"www.example.test"});
  Bury();
  StartRun({});
  FakeCore twin(*resource, context, clock);

  ASSERT_FALSE(Apply(twin, {"www.example.test"}).has_failed());

  EXPECT_NE(IdOf(twin), IdOf(core));
}

TEST_F(IssuanceJournalTest, DestroyedCertificateIsNotDeliveredAgain) {
  ASSERT_FALSE(Apply(core, {"www.example.test"}).has_failed());
  const std::string id = IdOf(core);
  StartRun({});
  (void)resource->Delete(clock.Call(), context, {.prior = core.state(), .config = core.state(), .planned = core.state()});
  FakeCore again(*resource, context, clock);

  ASSERT_FALSE(Apply(again, {"www.example.test"}).has_failed());

  EXPECT_NE(IdOf(again), id);
}

TEST_F(IssuanceJournalTest, RecordThatIsLeftIsNamedAndRemovedByTheNextIssuance) {
  dns_is_down = true;
  FakeCore first(*resource, context, clock);
  const Outcome outcome = Apply(first, {"www.example.test"});
  ASSERT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_THAT(outcome.ToText(), HasSubstr("Challenge record not removed: _acme-challenge.www.example.test."));
  dns_is_down = false;
  StartRun({});
  (void)first.Refresh();
  ASSERT_THAT(server->txt(), SizeIs(1));

  ASSERT_FALSE(Apply(core, {"api.example.test"}).has_failed());
  StartRun({});
  (void)first.Refresh();
  (void)core.Refresh();

  EXPECT_THAT(server->txt(), IsEmpty());
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(IssuanceJournalTest, FailureOfTheCaLeavesNoEntry) {
  server->behaviour.rejected = {"www.example.test"};

  EXPECT_TRUE(Apply(core, {"www.example.test"}).has_failed());

  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(IssuanceJournalTest, FolderThatCannotBeWrittenIsAWarning) {
  std::ofstream(folder.path() / "certwright") << "in the way";

  const Outcome outcome = Apply(core, {"www.example.test"});

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_THAT(outcome.ToText(), HasSubstr("The journal cannot be written"));
}

TEST_F(IssuanceJournalTest, JournalHoldsNoSecretInClear) {
  KillAt(kAtDownload, {"www.example.test"});

  ASSERT_THAT(Entries(), SizeIs(1));
  std::ifstream stream(folder.path() / "certwright" / Entries().front());
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  EXPECT_TRUE(text.starts_with("cw2:journal:"));
  EXPECT_THAT(text, Not(HasSubstr("PRIVATE")));
}

}  // namespace
}  // namespace tests
