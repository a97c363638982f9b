// SPDX-License-Identifier: MPL-2.0
// Vendors' and others' Python packages, which judge our fakes. A judge is a program beside the fake, judge_<part>.py. It is run
// by the interpreter of a virtual environment below build/ that holds the packages that all judges name
// (tests/e2e/lab/judges.py).
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tests {

// `program` is relative to the folder of the vendors' tests: "azure/judge_dns.py". Returns what it prints to stdout and stderr,
// and a last line with the exit code where that is not 0. `environment`: "NAME=value" entries besides the test's own.
std::string RunJudge(const std::string& program, const std::vector<std::string>& arguments,
                     const std::vector<std::string>& environment = {});

// Tests that need them: where they cannot be had, a failure under CI, and elsewhere a skip that says so.
class WithForeignPython : public testing::Test {
 protected:
  void SetUp() override;
};

}  // namespace tests
