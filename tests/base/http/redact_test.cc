// SPDX-License-Identifier: MPL-2.0
#include "base/http/redact.h"

#include <gtest/gtest.h>

namespace base::http {
namespace {

TEST(LoggableHeaders, KeepsOnlyWhatIsOnTheList) {
  EXPECT_EQ(
      LoggableHeaders({{"Authorization", "mark"}, {"Retry-After", "5"}, {"Set-Cookie", "mark"}, {"CONTENT-TYPE", "a/b\r\nx"}}),
      "retry-after: 5; content-type: a/b  x");
  EXPECT_FALSE(IsLoggableHeader("Replay-Nonce"));
  EXPECT_FALSE(IsLoggableHeader("X-Amz-Security-Token"));
}

TEST(LoggableUrl, DropsTheQuery) { EXPECT_EQ(LoggableUrl("https://a.test/p?key=mark"), "https://a.test/p"); }

}  // namespace
}  // namespace base::http
