// SPDX-License-Identifier: MPL-2.0
// What exchange_test.cc and session_test.cc do not show by the way.
#include "base/os/socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "tests/support/descriptor_limit.h"
#include "tests/support/free_port.h"

namespace base::os {
namespace {

TEST(OsSocket, IsNotInheritedAndDoesNotBlock) {
  const auto socket = Socket::Connect("127.0.0.1", tests::FreePort(), SocketKind::kUdp);
  ASSERT_TRUE(socket.ok());
  const auto copy = socket->Duplicate();
  ASSERT_TRUE(copy.ok());

  EXPECT_EQ(fcntl(socket->number(), F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(fcntl(copy->number(), F_GETFD), FD_CLOEXEC);
  EXPECT_NE(fcntl(socket->number(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(OsSocket, ReceivesNothingWhenNothingCame) {
  const auto socket = Socket::Connect("127.0.0.1", tests::FreePort(), SocketKind::kUdp);
  ASSERT_TRUE(socket.ok());
  std::string buffer(100, '\0');

  const auto received = socket->Receive(buffer);

  ASSERT_TRUE(received.ok());
  EXPECT_EQ(*received, std::nullopt);
}

TEST(OsSocket, TakesNumericAddressesOnly) {
  EXPECT_EQ(Socket::Connect("localhost", 53, SocketKind::kUdp).error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(IsNumericAddress("192.0.2.1"));
  EXPECT_TRUE(IsNumericAddress("2001:db8::1"));
  EXPECT_TRUE(IsNumericAddress("fe80::1%lo"));
  EXPECT_FALSE(IsNumericAddress("localhost"));
  EXPECT_FALSE(IsNumericAddress(""));
}

TEST(OsSocket, SaysThatDescriptorsHaveRunOut) {
  const tests::DescriptorLimit limit(3);

  const auto socket = Socket::Connect("127.0.0.1", 53, SocketKind::kTcp);

  ASSERT_FALSE(socket.ok());
  EXPECT_EQ(socket.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(socket.error().message, "too many open files");
}

}  // namespace
}  // namespace base::os
