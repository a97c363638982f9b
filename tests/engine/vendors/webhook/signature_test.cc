// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/webhook/signature.h"

#include <gtest/gtest.h>

namespace tests::webhook_signature {
namespace {

using engine::vendors::webhook::Sign;

// printf '1767225845.{"a":1}' | openssl dgst -sha256 -hmac key
TEST(SignWebhook, SignsTheTimeAndTheBody) {
  const base::TimePoint now{std::chrono::milliseconds(1'767'225'845'999)};

  EXPECT_EQ(Sign(base::Secret("key"), now, R"({"a":1})"),
            "t=1767225845,v1=196406c8164edb9089538512606813cb0c5b1c3873dcbf935d3ccff4c53d5e00");
  EXPECT_NE(Sign(base::Secret("key"), now, R"({"a":2})"), Sign(base::Secret("key"), now, R"({"a":1})"));
  EXPECT_NE(Sign(base::Secret("kez"), now, R"({"a":1})"), Sign(base::Secret("key"), now, R"({"a":1})"));
}

}  // namespace
}  // namespace tests::webhook_signature
