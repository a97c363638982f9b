// SPDX-License-Identifier: MPL-2.0
// As in a release, where assert() is empty.
#ifndef NDEBUG
#define NDEBUG
#endif
#include "base/require.h"

#include <gtest/gtest.h>

#include <cassert>

namespace base {
namespace {

TEST(Require, ReturnsWhenTheConditionHolds) { Require(true, "holds"); }

TEST(RequireDeathTest, EndsTheProcessEvenWhereAssertIsEmpty) {
  assert(false);

  EXPECT_DEATH(Require(false, "the reason"), "require_test\\.cc:[0-9]+: the reason");
}

}  // namespace
}  // namespace base
