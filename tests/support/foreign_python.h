// SPDX-License-Identifier: MPL-2.0
// Vendors' and others' Python packages, which judge our fakes: tests/judges/<name>.py, run by the interpreter of a virtual
// environment below build/ that holds the packages of the list in tests/e2e/lab/judges.py.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tests {

// What it prints to stdout and stderr, and a last line with the exit code where that is not 0. `environment`: "NAME=value"
// entries besides the test's own.
std::string RunJudge(const std::string& name, const std::vector<std::string>& arguments,
                     const std::vector<std::string>& environment = {});

// Tests that need them: where they cannot be had, a failure under CI, and elsewhere a skip that says so.
class WithForeignPython : public testing::Test {
 protected:
  void SetUp() override;
};

}  // namespace tests
