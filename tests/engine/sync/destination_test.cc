// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/destination.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "tests/support/settings.h"

namespace engine::sync {
namespace {

TEST(MakeDestination, WantsAConnectionOfTheDestinationsKind) {
  const connections::Connection other{.kind = "rfc2136", .id = "c", .settings = tests::ConnectionSettings("rfc2136")};
  for (const DestinationSpec& spec : vendors::Destinations()) {
    if (spec.connection.empty()) continue;
    const connections::Connection* const wrong[] = {nullptr, &other};
    for (const auto* connection : wrong) {
      const auto made = MakeDestination(spec, {.connection = connection});

      ASSERT_FALSE(made) << spec.kind;
      EXPECT_EQ(made.error().kind, base::ErrorKind::kInvalid) << spec.kind;
      EXPECT_EQ(made.error().message,
                base::Cat("app_connection must be the handle of a certwright_app_connection_", spec.connection));
    }
  }
}

}  // namespace
}  // namespace engine::sync
