// SPDX-License-Identifier: MPL-2.0
// The zone example.test at a FakeDnsServer that is its server and the resolver as well.
#pragma once

#include <optional>
#include <string>

#include "base/text.h"
#include "tests/support/fake_dns_server.h"

namespace tests {

inline constexpr const char* kExampleSoa = "example.test. 60 IN SOA ns.example.test. op.test. 1 2 3 4 5";

// What leads to the zone: its SOA, its NS, and the address of its server. None for other questions.
inline std::optional<DnsAnswer> FindExampleZone(const DnsAsked& asked, const FakeDnsServer& server) {
  const bool is_apex = asked.name == "example.test.";
  if (asked.type == "SOA") return is_apex ? DnsAnswer{.answers = {kExampleSoa}} : DnsAnswer{.authority = {kExampleSoa}};
  if (asked.type == "NS") return is_apex ? DnsAnswer{.answers = {"example.test. 60 IN NS ns.example.test."}} : DnsAnswer{};
  if (asked.type != "A" || asked.name != "ns.example.test.") return std::nullopt;
  return DnsAnswer{.answers = {base::Cat("ns.example.test. 60 IN A ", server.address().host)}};
}

}  // namespace tests
