// SPDX-License-Identifier: MPL-2.0
#include "base/os/address_reach.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace base::os {
namespace {

TEST(ReachOf, FollowsTheRegistriesOfSpecialAddresses) {
  for (const char* text : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(ReachOf(text), Reach::kLoopback) << text;
  }
  for (const char* text : {"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1",
                           "100.64.0.1", "fe80::1%lo", "fd00::1", "::ffff:10.0.0.1"}) {
    EXPECT_EQ(ReachOf(text), Reach::kPrivate) << text;
  }
  for (const char* text : {"0.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
                           "100.128.0.0", "128.0.0.1", "::", "2001:db8::1", "::ffff:8.8.8.8", "fec0::1"}) {
    EXPECT_EQ(ReachOf(text), Reach::kPublic) << text;
  }
  for (const char* text : {"", "localhost", "10.1", "0x7f.0.0.1", "1.2.3.4.5", "10.0.0.1 "}) {
    EXPECT_EQ(ReachOf(text), std::nullopt) << text;
  }
}

TEST(ReachOfSocketAddress, IsThatOfTheAddress) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  inet_pton(AF_INET, "192.168.1.1", &v4.sin_addr);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
  sockaddr other{};
  other.sa_family = AF_UNIX;

  EXPECT_EQ(ReachOfSocketAddress(&v4), Reach::kPrivate);
  EXPECT_EQ(ReachOfSocketAddress(&v6), Reach::kPublic);
  EXPECT_EQ(ReachOfSocketAddress(&other), Reach::kPublic);
}

}  // namespace
}  // namespace base::os
