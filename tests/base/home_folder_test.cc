// SPDX-License-Identifier: MPL-2.0
#include "base/home_folder.h"

#include <gtest/gtest.h>

#include "tests/support/scoped_variable.h"

namespace base {
namespace {

TEST(ExpandHome, PutsTheHomeDirectoryInThePlaceOfATilde) {
  const tests::ScopedVariable home("HOME", "/home/ops");

  EXPECT_EQ(ExpandHome("~"), "/home/ops");
  EXPECT_EQ(ExpandHome("~/.kube/config"), "/home/ops/.kube/config");
}

TEST(ExpandHome, LeavesOtherPathsAlone) {
  const tests::ScopedVariable home("HOME", "/home/ops");

  for (const char* path : {"", "/etc/~", "a~b", "~other/x", "./~/x"}) EXPECT_EQ(ExpandHome(path), path);
}

}  // namespace
}  // namespace base
