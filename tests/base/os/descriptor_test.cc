// SPDX-License-Identifier: MPL-2.0
#include "base/os/descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "tests/support/descriptor_limit.h"

namespace tests {
namespace {

using base::os::Descriptor;

int OpenNull() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool IsOpen(int number) { return fcntl(number, F_GETFD) >= 0; }

TEST(Descriptor, ClosesItsNumberOnce) {
  const int number = OpenNull();
  {
    Descriptor first(number);
    Descriptor second(std::move(first));
    EXPECT_EQ(second.number(), number);
    EXPECT_TRUE(IsOpen(number));
  }
  EXPECT_FALSE(IsOpen(number));
}

TEST(Descriptor, ReleasesItsNumberUnclosed) {
  const int number = OpenNull();

  EXPECT_EQ(Descriptor(number).Release(), number);

  EXPECT_TRUE(IsOpen(number));
  close(number);
}

TEST(Descriptor, KeepsTheErrorOfAFailedCall) {
  const Descriptor missing(open("/nonexistent", O_RDONLY | O_CLOEXEC));
  const int code = errno;

  EXPECT_FALSE(missing.is_open());
  EXPECT_EQ(code, ENOENT);
}

TEST(Descriptor, LeavesTheLast32OfTheProcess) {
  const DescriptorLimit limit(128);
  std::vector<Descriptor> ours;
  do {
    ours.emplace_back(OpenNull());
  } while (ours.back().is_open());
  EXPECT_EQ(errno, EMFILE);

  std::vector<int> rest;
  for (int number = OpenNull(); number >= 0; number = OpenNull()) rest.push_back(number);

  EXPECT_EQ(rest.size(), 32U);
  for (const int number : rest) close(number);
}

}  // namespace
}  // namespace tests
