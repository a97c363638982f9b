// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/path.h"

#include <gtest/gtest.h>

namespace schema::cty {
namespace {

TEST(Path, ReadsLikeTerraform) {
  EXPECT_EQ(Path().ToText(), "");
  EXPECT_EQ(Path::Of("dns").Index(0).Attribute("zone").ToText(), "dns[0].zone");
  EXPECT_EQ(Path::Of("synced").Key("a\"b\\").Attribute("name").ToText(), "synced[\"a\\\"b\\\\\"].name");
}

TEST(Path, PushAndPopComeBackToTheSamePath) {
  Path path = Path::Of("a");

  path.Push(KeyStep{"k"});
  EXPECT_EQ(path, Path::Of("a").Key("k"));

  path.Pop();
  EXPECT_EQ(path, Path::Of("a"));
}

TEST(At, PutsThePathInFront) {
  EXPECT_EQ(At(Path::Of("a"), "a string is required"), "a: a string is required");
  EXPECT_EQ(At(Path(), "a string is required"), "a string is required");
}

}  // namespace
}  // namespace schema::cty
