// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/awaited_once.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace engine::dns {
namespace {

class AwaitedOnceTest : public testing::Test {
 protected:
  base::Result<void> Await(const std::string& key, base::Result<void> outcome) {
    return awaited_.Await(clock_.Call(), key, [&] {
      ++asked_;
      return outcome;
    });
  }

  tests::FakeClock clock_;
  AwaitedOnce awaited_;
  int asked_ = 0;
};

TEST_F(AwaitedOnceTest, WhatHasComeIsNotAskedForAgain) {
  EXPECT_TRUE(Await("a", {}));
  EXPECT_TRUE(Await("a", {}));
  EXPECT_TRUE(Await("b", {}));

  EXPECT_EQ(asked_, 2);
}

TEST_F(AwaitedOnceTest, AFailureIsTheCallersOwn) {
  EXPECT_FALSE(Await("a", base::Error{base::ErrorKind::kDenied, "not for this one"}));

  EXPECT_TRUE(Await("a", {}));
  EXPECT_EQ(asked_, 2);
}

}  // namespace
}  // namespace engine::dns
