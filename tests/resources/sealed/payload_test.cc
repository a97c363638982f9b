// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/payload.h"

#include <gtest/gtest.h>

#include "tests/resources/test_context.h"

namespace resources::sealed {
namespace {

TEST(CaHandle, KeepsHowToWaitForPropagation) {
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  CaPayload ca{};
  ca.propagation = {.nameservers = {"192.0.2.1"},
                    .resolvers = {"192.0.2.2:53"},
                    .timeout = std::chrono::minutes(7),
                    .wait_for = engine::dns::WaitFor::kMajority,
                    .delay = std::chrono::seconds(30),
                    .disable = true};

  const auto opened = OpenCa(sealer, *SealCa(sealer, ca));

  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->propagation.nameservers, ca.propagation.nameservers);
  EXPECT_EQ(opened->propagation.resolvers, ca.propagation.resolvers);
  EXPECT_EQ(opened->propagation.timeout, ca.propagation.timeout);
  EXPECT_EQ(opened->propagation.wait_for, ca.propagation.wait_for);
  EXPECT_EQ(opened->propagation.delay, ca.propagation.delay);
  EXPECT_TRUE(opened->propagation.disable);
}

}  // namespace
}  // namespace resources::sealed
