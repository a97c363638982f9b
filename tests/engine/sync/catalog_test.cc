// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/catalog.h"

#include <gtest/gtest.h>

#include <set>

#include "base/text.h"

namespace engine::sync {
namespace {

TEST(Destinations, AreCompleteAndDiffer) {
  std::set<std::string_view> kinds;
  for (const DestinationSpec& spec : Destinations()) {
    EXPECT_TRUE(kinds.insert(spec.kind).second) << spec.kind;
    EXPECT_FALSE(spec.title.empty()) << spec.kind;
    EXPECT_FALSE(spec.doc.empty()) << spec.kind;
    EXPECT_NE(spec.make, nullptr) << spec.kind;
    for (const base::ConfigField& field : spec.fields) EXPECT_FALSE(field.doc.empty()) << spec.kind << '.' << field.name;
  }
  EXPECT_FALSE(kinds.empty());
}

TEST(FindDestination, FindsByKind) {
  ASSERT_NE(FindDestination("local_files"), nullptr);
  EXPECT_EQ(FindDestination("local_files")->kind, "local_files");
  EXPECT_EQ(FindDestination("Local_files"), nullptr);
}

TEST(MakeDestination, WantsAConnectionOfTheDestinationsKind) {
  const connections::Connection other{.kind = "rfc2136", .id = "c", .settings = {}, .secrets = {}};
  for (const DestinationSpec& spec : Destinations()) {
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
