// SPDX-License-Identifier: MPL-2.0
#include "base/os/posix/resolv_conf.h"

#include <gtest/gtest.h>

namespace base::os {
namespace {

TEST(ParseResolvConf, ReadsNameServersAndNothingElse) {
  const auto servers = ParseResolvConf(
      "# nameserver 192.0.2.9\nsearch example.test\nnameserver 192.0.2.1\n\tnameserver\t2001:db8::1 # second\nnameserverx "
      "192.0.2.3\nnameserver fe80::1%eth0\noptions ndots:5\n");

  EXPECT_EQ(servers, (std::vector<std::string>{"192.0.2.1", "2001:db8::1", "fe80::1%eth0"}));
}

TEST(ParseResolvConf, FindsNoneInAnEmptyText) { EXPECT_EQ(ParseResolvConf(""), std::vector<std::string>{}); }

}  // namespace
}  // namespace base::os
