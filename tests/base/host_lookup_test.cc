// SPDX-License-Identifier: MPL-2.0
#include "base/host_lookup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stop_token>

namespace base {
namespace {

Call RealCall(std::chrono::seconds limit = std::chrono::seconds(30)) {
  return Call{.clock = &RealClock(), .deadline = Deadline::In(RealClock(), limit)};
}

TEST(LookUpHost, LeavesNumericAddressesAlone) {
  for (const std::string host : {"192.0.2.1", "2001:db8::1", "fe80::1%lo"}) {
    EXPECT_EQ(*LookUpHost(RealCall(), host), std::vector{host});
  }
}

TEST(LookUpHost, FindsThisMachine) {
  const auto addresses = LookUpHost(RealCall(), "localhost");

  ASSERT_TRUE(addresses.ok());
  EXPECT_TRUE(std::ranges::all_of(*addresses, [](const std::string& one) { return one == "127.0.0.1" || one == "::1"; }));
}

TEST(LookUpHost, TellsAHostThatIsNotThere) {
  EXPECT_EQ(LookUpHost(RealCall(), "no-such-host.invalid").error().kind, ErrorKind::kNotFound);
}

TEST(LookUpHost, AsksNobodyForACancelledCall) {
  std::stop_source stop;
  stop.request_stop();
  Call call = RealCall();
  call.stop = stop.get_token();

  EXPECT_EQ(LookUpHost(call, "no-such-host.invalid").error().kind, ErrorKind::kCancelled);
}

}  // namespace
}  // namespace base
