// SPDX-License-Identifier: MPL-2.0
#include "base/dns/server_address.h"

#include <gtest/gtest.h>

namespace base::dns {
namespace {

TEST(ParseServerAddress, ReadsEveryForm) {
  const struct {
    std::string_view text, host;
    std::uint16_t port;
  } cases[]{{"ns1.example.test", "ns1.example.test", 53},
            {"ns1.example.test.:5353", "ns1.example.test.", 5353},
            {"192.0.2.1", "192.0.2.1", 53},
            {"192.0.2.1:10053", "192.0.2.1", 10053},
            {"2001:db8::1", "2001:db8::1", 53},
            {"[2001:db8::1]", "2001:db8::1", 53},
            {"[2001:db8::1]:65535", "2001:db8::1", 65535},
            {"fe80::1%eth0", "fe80::1%eth0", 53}};
  for (const auto& one : cases) {
    const auto server = ParseServerAddress(one.text);

    ASSERT_TRUE(server) << one.text << ": " << server.error().message;
    EXPECT_EQ(server->host, one.host) << one.text;
    EXPECT_EQ(server->port, one.port) << one.text;
  }
}

TEST(ParseServerAddress, RefusesEverythingElse) {
  for (const std::string_view text : {"", ":53", "host:", "host:0", "host:65536", "host:5x", "host: 53", "[::1", "[::1]x",
                                      "[::1]:", "[host]:53", "[]:53", "udp://192.0.2.1", "a b", "host/53", "h\nost"}) {
    const auto server = ParseServerAddress(text);

    ASSERT_FALSE(server) << text;
    EXPECT_EQ(server.error().kind, ErrorKind::kInvalid) << text;
  }
  EXPECT_FALSE(ParseServerAddress(std::string(300, 'a')));
}

TEST(ToText, IsReadBackAsTheSame) {
  for (const std::string_view text : {"ns1.example.test:53", "192.0.2.1:10053", "[2001:db8::1]:53"}) {
    EXPECT_EQ(ToText(*ParseServerAddress(text)), text);
  }
}

}  // namespace
}  // namespace base::dns
