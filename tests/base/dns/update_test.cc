// SPDX-License-Identifier: MPL-2.0
#include "base/dns/update.h"

#include <gtest/gtest.h>

#include <array>

#include "base/dns/message.h"
#include "base/encoding.h"

namespace base::dns {
namespace {

TEST(BuildUpdate, HasTheseBytes) {
  const std::array changes{
      TxtChange{.change = Change::kAdd, .name = "x.a.test.", .value = "new", .ttl = std::chrono::seconds(60)},
      TxtChange{.change = Change::kRemove, .name = "x.a.test.", .value = "old", .ttl = std::chrono::seconds(60)}};

  const auto update = BuildUpdate(0x1234, "a.test.", changes);

  ASSERT_TRUE(update);
  EXPECT_EQ(Hex(*update),
            "123428000001000000020000"  // opcode UPDATE: one zone, no prerequisite, two updates
            "01610474657374000006"
            "0001"  // a.test. SOA IN
            "0178c00c0010"
            "0001"
            "0000003c"
            "0004036e6577"  // class IN, TTL 60: add
            "c0180010"
            "00fe"
            "00000000"
            "0004036f6c64");  // class NONE, TTL 0: delete this very record
}

TEST(BuildUpdate, SplitsALongValue) {
  const std::array changes{TxtChange{.name = "a.test.", .value = std::string(300, 'v')}};

  const auto message = ParseMessage(*BuildUpdate(1, "a.test.", changes));

  ASSERT_TRUE(message);
  ASSERT_EQ(message->authority.size(), 1u);
  EXPECT_EQ(message->authority[0].data, std::string(300, 'v'));
}

TEST(BuildUpdate, TakesAnEmptyValue) {
  const std::array changes{TxtChange{.name = "a.test.", .value = ""}};

  const auto message = ParseMessage(*BuildUpdate(1, "a.test.", changes));

  ASSERT_TRUE(message);
  EXPECT_EQ(message->authority.at(0).data, "");
}

TEST(BuildUpdate, RefusesWhatIsNoName) {
  const std::array changes{TxtChange{.name = "a..test.", .value = "v"}};

  EXPECT_EQ(BuildUpdate(1, "a.test.", changes).error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(BuildUpdate(1, "a..test.", {}).error().kind, ErrorKind::kInvalid);
}

TEST(BuildUpdate, RefusesMoreThanAMessageHolds) {
  const std::vector<TxtChange> changes(2000, TxtChange{.name = "a.test.", .value = std::string(43, 'v')});

  const auto update = BuildUpdate(1, "a.test.", changes);

  ASSERT_FALSE(update);
  EXPECT_EQ(update.error().kind, ErrorKind::kInvalid);
}

}  // namespace
}  // namespace base::dns
