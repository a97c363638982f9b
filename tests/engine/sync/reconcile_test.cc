// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/reconcile.h"

#include <gtest/gtest.h>

namespace engine::sync {
namespace {

Wanted Web() { return {.key = "web", .name = "web-1", .fingerprint_sha256 = "f1", .certificate_id = "id1"}; }

Deployed WebDeployed() {
  return {.name = "web-1",
          .external_id = "/x/web-1.crt",
          .fingerprint_sha256 = "f1",
          .certificate_id = "id1",
          .parts = {{"private key", "k1"}, {"tags", "complete"}}};
}

Existing WebExisting() { return {.key = "web", .known = WebDeployed(), .observed = WebDeployed()}; }

std::vector<Decision> Decided(std::vector<Wanted> wanted, std::vector<Existing> existing,
                              LeftBehind left_behind = LeftBehind::kRemove) {
  auto decisions = Decide(wanted, existing, left_behind);
  EXPECT_TRUE(decisions.ok());
  return decisions ? *decisions : std::vector<Decision>{};
}

Decision Only(const std::vector<Decision>& decisions) {
  EXPECT_EQ(decisions.size(), 1U);
  return decisions.empty() ? Decision{} : decisions.front();
}

TEST(Decide, CreatesWhatIsNew) {
  const Decision decision = Only(Decided({Web()}, {}));

  EXPECT_EQ(decision.key, "web");
  EXPECT_EQ(decision.action, Action::kCreate);
  EXPECT_FALSE(decision.previous.has_value());
  EXPECT_EQ(decision.reason, "new");
}

TEST(Decide, LeavesAloneWhatIsAsItShallBe) {
  const Decision decision = Only(Decided({Web()}, {WebExisting()}));

  EXPECT_EQ(decision.action, Action::kUnchanged);
  EXPECT_EQ(decision.previous->external_id, "/x/web-1.crt");
  EXPECT_EQ(decision.reason, "");
}

// Its removal failed: a load balancer was still using it.
TEST(Decide, RemovesWhatWasSupersededAndLeavesItsSuccessorAlone) {
  Existing former = WebExisting();
  former.key = "replaced: /x/former.crt";
  former.known.external_id = "/x/former.crt";
  former.known.superseded = true;

  const auto decisions = Decided({Web()}, {former, WebExisting()}, LeftBehind::kLetGo);

  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[0].action, Action::kUnchanged);
  EXPECT_EQ(decisions[0].previous->external_id, "/x/web-1.crt");
  EXPECT_EQ(decisions[1].action, Action::kRemove);
  EXPECT_EQ(decisions[1].previous->external_id, "/x/former.crt");
}

TEST(Decide, WritesAnewWhenTheChainOrTheSettingsChanged) {
  Existing pushed = WebExisting();
  pushed.known.chain_sha256 = "c1";
  Wanted wanted = Web();
  wanted.chain_sha256 = "c1";
  EXPECT_EQ(Only(Decided({wanted}, {pushed})).action, Action::kUnchanged);

  wanted.chain_sha256 = "c2";
  EXPECT_EQ(Only(Decided({wanted}, {pushed})).action, Action::kReplace);
  EXPECT_EQ(Only(Decided({wanted}, {WebExisting()})).action, Action::kUnchanged) << "written by a version without the field";

  wanted = Web();
  wanted.settings_changed = true;
  EXPECT_EQ(Only(Decided({wanted}, {WebExisting()})).action, Action::kReplace);
}

TEST(Decide, CreatesAgainWhatIsGone) {
  Existing gone = WebExisting();
  gone.observed.reset();

  const Decision decision = Only(Decided({Web()}, {gone}));

  EXPECT_EQ(decision.action, Action::kCreate);
  EXPECT_FALSE(decision.previous.has_value());
  EXPECT_EQ(decision.reason, "missing at the destination");
}

TEST(Decide, ReplacesARenewedCertificateInPlace) {
  Wanted renewed = Web();
  renewed.fingerprint_sha256 = "f2";

  const Decision decision = Only(Decided({renewed}, {WebExisting()}));

  EXPECT_EQ(decision.action, Action::kReplace);
  EXPECT_EQ(decision.previous->external_id, "/x/web-1.crt");
  EXPECT_EQ(decision.reason, "renewed");
}

TEST(Decide, RecordsThePartsOfAFormerRecord) {
  Existing former = WebExisting();
  former.known.parts.clear();

  const Decision decision = Only(Decided({Web()}, {former}));

  EXPECT_EQ(decision.action, Action::kUnchanged);
  EXPECT_EQ(decision.previous->parts, WebDeployed().parts);
}

struct Drift {
  const char* reason;
  void (*apply)(Wanted&, Existing&);
};

const Drift kDrifts[] = {
    {"changed at the destination", [](Wanted&, Existing& there) { there.observed->fingerprint_sha256 = "other"; }},
    {"the private key differs", [](Wanted&, Existing& there) { there.observed->parts["private key"] = "other"; }},
    {"the tags are missing", [](Wanted&, Existing& there) { there.observed->parts.erase("tags"); }},
    {"renamed", [](Wanted& wanted, Existing&) { wanted.name = "web-2"; }},
    {"another certificate", [](Wanted& wanted, Existing&) { wanted.certificate_id = "id2"; }},
};

TEST(Decide, ReplacesWhatDiffersAndSaysWhy) {
  for (const Drift& drift : kDrifts) {
    Wanted wanted = Web();
    Existing existing = WebExisting();
    drift.apply(wanted, existing);

    const Decision decision = Only(Decided({wanted}, {existing}));

    EXPECT_EQ(decision.action, Action::kReplace) << drift.reason;
    EXPECT_EQ(decision.reason, drift.reason);
    EXPECT_EQ(decision.previous->fingerprint_sha256, "f1") << drift.reason;
  }
}

// The state was not saved after a push: whether key and chain are as they shall be cannot be told.
TEST(Decide, WritesAgainWhenTheStateIsOlderThanTheDestination) {
  Wanted renewed = Web();
  renewed.fingerprint_sha256 = "f2";
  Existing ahead = WebExisting();
  ahead.observed->fingerprint_sha256 = "f2";

  EXPECT_EQ(Only(Decided({renewed}, {ahead})).action, Action::kReplace);
}

TEST(Decide, RemovesOrLetsGoWhatLeftTheSync) {
  const Decision removed = Only(Decided({}, {WebExisting()}, LeftBehind::kRemove));
  const Decision let_go = Only(Decided({}, {WebExisting()}, LeftBehind::kLetGo));

  EXPECT_EQ(removed.action, Action::kRemove);
  EXPECT_EQ(removed.previous->external_id, "/x/web-1.crt");
  EXPECT_EQ(let_go.action, Action::kLetGo);
}

TEST(Decide, PutsUploadsBeforeRemovals) {
  Existing old = WebExisting();
  old.key = "a-old";
  old.known.certificate_id = "id0";

  const auto decisions = Decided({Web()}, {old});

  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[0].action, Action::kCreate);
  EXPECT_EQ(decisions[1].action, Action::kRemove);
  EXPECT_EQ(decisions[1].key, "a-old");
}

TEST(Decide, KeepsTheObjectWhenOnlyTheKeyChanged) {
  Existing moved = WebExisting();
  moved.key = "former";

  const Decision decision = Only(Decided({Web()}, {moved}));

  EXPECT_EQ(decision.key, "web");
  EXPECT_EQ(decision.action, Action::kUnchanged);
  EXPECT_EQ(decision.former_key, "former");
}

TEST(Decide, HandsTheObjectToACertificateMadeAnewUnderTheSameKey) {
  Wanted anew = Web();
  anew.certificate_id = "id9";
  anew.name = "web-9";
  anew.fingerprint_sha256 = "f9";

  const Decision decision = Only(Decided({anew}, {WebExisting()}));

  EXPECT_EQ(decision.action, Action::kReplace);
  EXPECT_EQ(decision.previous->name, "web-1");
}

TEST(Decide, FollowsTwoKeysThatTradeCertificates) {
  Wanted api{.key = "api", .name = "web-1", .fingerprint_sha256 = "f1", .certificate_id = "id1"};
  Wanted web{.key = "web", .name = "api-2", .fingerprint_sha256 = "f2", .certificate_id = "id2"};
  Existing api_there{.key = "api",
                     .known = {.name = "api-2", .external_id = "b", .fingerprint_sha256 = "f2", .certificate_id = "id2"},
                     .observed = {}};
  api_there.observed = api_there.known;

  const auto decisions = Decided({api, web}, {api_there, WebExisting()});

  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[0].action, Action::kUnchanged);
  EXPECT_EQ(decisions[0].previous->external_id, "/x/web-1.crt");
  EXPECT_EQ(decisions[1].action, Action::kUnchanged);
  EXPECT_EQ(decisions[1].previous->external_id, "b");
}

TEST(Decide, RefusesTwoKeysWithOneName) {
  Wanted second = Web();
  second.key = "again";

  const auto decisions = Decide(std::vector{Web(), second}, {}, LeftBehind::kRemove);

  ASSERT_FALSE(decisions.ok());
  EXPECT_EQ(decisions.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(decisions.error().message,
            "the certificates \"web\" and \"again\" would both be called \"web-1\" at the destination");
}

}  // namespace
}  // namespace engine::sync
