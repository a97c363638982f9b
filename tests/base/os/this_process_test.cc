// SPDX-License-Identifier: MPL-2.0
#include "base/os/this_process.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

namespace base::os {
namespace {

TEST(ProgramFolder, HoldsThisProgram) {
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(ProgramFolder()) / "base_os_tests")) << ProgramFolder();
}

// In a process of its own: it cannot be taken back without losing what a debugger or a sanitizer needs.
TEST(HideMemory, MakesTheProcessUnreadable) {
  const pid_t child = fork();
  if (child == 0) {
    HideMemory();
    _exit(prctl(PR_GET_DUMPABLE) == 0 ? 0 : 1);
  }
  int status = -1;

  ASSERT_EQ(waitpid(child, &status, 0), child);

  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(prctl(PR_GET_DUMPABLE), 1);
}

}  // namespace
}  // namespace base::os
