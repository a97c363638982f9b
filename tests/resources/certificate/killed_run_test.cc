// SPDX-License-Identifier: MPL-2.0
// Something happens at each outgoing request of an issuance in turn; then apply runs again.
#include <gmock/gmock.h>

#include "tests/resources/certificate/lab.h"

namespace tests {
namespace {

using testing::IsEmpty;
using What = Accident::What;

class KilledRun : public CertificateLab, public testing::WithParamInterface<What> {
 protected:
  bool IsKilled() const { return GetParam() == What::kKilledBefore || GetParam() == What::kKilledAfter; }

  // Whether the run got to the request of that number at all.
  bool SurvivesAt(int number) {
    SCOPED_TRACE("request " + std::to_string(number));
    const int certificates = server->certificates();
    StartRun({GetParam(), number});
    FakeCore core(*resource, context, clock);
    core.StopWith(stop.get_token());
    const Value config = Config(core, {"www.example.test"});
    (void)core.Apply(config);
    if (requests() < number) return false;

    Bury();
    StartRun({});
    FakeCore next(*resource, context, clock);  // Terraform saved nothing of a killed run
    core.StopWith({});
    FakeCore& last = IsKilled() ? next : core;
    const Outcome outcome = last.Apply(config);
    StartRun({});
    (void)last.Refresh();

    EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
    EXPECT_THAT(outcome.violations, IsEmpty());
    EXPECT_EQ(server->certificates() - certificates, 1);
    EXPECT_THAT(server->txt(), IsEmpty());
    EXPECT_THAT(Entries(), IsEmpty());
    EXPECT_THAT(server->violations(), IsEmpty());
    return true;
  }
};

TEST_P(KilledRun, IsMadeWholeByTheNext) {
  int points = 0;
  while (SurvivesAt(points + 1) && !HasFailure()) ++points;

  EXPECT_GE(points, 9);
  RecordProperty("points", points);
}

INSTANTIATE_TEST_SUITE_P(EachWay, KilledRun,
                         testing::Values(What::kKilledBefore, What::kKilledAfter, What::kResponseLost, What::kStopped));

}  // namespace
}  // namespace tests
