// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/upgrade.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace resources::certificate_sync {
namespace {

base::Json Upgraded(const char* state) { return *base::ParseJsonObject(*SyncUpgradeSteps()[0](state)); }

TEST(SyncUpgrade, MembersOfOptionsBecomeAttributes) {
  const auto state = Upgraded(
      R"({"id": "1", "destination": {}, "options": {"remove_expired": false, "name_schema": "a-{{certificateId}}", "adopt": null}})");

  EXPECT_EQ(state, base::Json::parse(R"({"id": "1", "destination": {}, "remove_expired": false, "include_root_ca": false,
                                         "name_schema": "a-{{certificateId}}", "adopt": false})"));
}

TEST(SyncUpgrade, WithoutOptionsTheDefaultsApply) {
  const auto state = Upgraded(R"({"id": "1", "destination": {}, "options": null})");

  EXPECT_EQ(state.at("remove_expired"), true);
  EXPECT_EQ(state.at("name_schema"), "Certwright-{{certificateId}}");
  EXPECT_FALSE(state.contains("options"));
}

TEST(SyncUpgrade, ImportedSyncStaysAsItIs) {
  EXPECT_EQ(Upgraded(R"({"id": "1", "destination": null, "options": null})"),
            base::Json::parse(R"({"id": "1", "destination": null})"));
}

TEST(SyncUpgrade, RefusesWhatIsNoState) { EXPECT_FALSE(SyncUpgradeSteps()[0]("[]")); }

}  // namespace
}  // namespace resources::certificate_sync
