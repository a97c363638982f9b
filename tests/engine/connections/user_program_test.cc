// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/user_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/support/scoped_variable.h"

namespace tests {
namespace {

TEST(RunUserProgram, WithholdsTheSealingKey) {
  const ScopedVariable key("CERTWRIGHT_SEALING_KEY", "must not be seen");
  const base::Call call{.clock = &base::RealClock(), .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(30))};

  const auto done = engine::connections::RunUserProgram(call, {.arguments = {"env"}});

  ASSERT_TRUE(done.ok());
  EXPECT_THAT(done->output, testing::HasSubstr("PATH="));
  EXPECT_THAT(done->output, testing::Not(testing::HasSubstr("must not be seen")));
}

}  // namespace
}  // namespace tests
