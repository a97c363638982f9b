// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/catalog.h"

#include <gtest/gtest.h>

#include <set>

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

}  // namespace
}  // namespace engine::sync
