// SPDX-License-Identifier: MPL-2.0
#include "tests/support/lego.h"

#include "base/environment.h"
#include "tests/support/child_process.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/served_acme.h"
#include "tests/support/temporary_folder.h"

namespace tests {
namespace {

constexpr const char* kName = "_acme-challenge.example.test.";

// Enough for lego to find the zone of a name.
DnsAnswer AnswerSoa(const DnsAsked& asked) {
  const std::string soa = "example.test. 60 IN SOA ns.example.test. hostmaster.example.test. 1 3600 600 86400 60";
  if (asked.type == "SOA" && asked.name == "example.test.") return {.answers = {soa}};
  return {.rcode = asked.name == "example.test." ? base::dns::Rcode::kNoError : base::dns::Rcode::kNxDomain, .authority = {soa}};
}

}  // namespace

LegoOutcome RunLego(const LegoRun& run) {
  const FakeDnsServer dns(AnswerSoa);
  ServedAcme acme([&](FakeAcmeServer& ca, const base::http::Request& request) {
    // The CA looks when it is told to.
    if (request.url.starts_with("/chall/")) {
      for (const std::string& value : run.values(kName)) ca.SetTxt(kName, value);
    }
    return std::nullopt;
  });
  const TemporaryFolder folder;
  ChildProcess lego({"lego", "--server", acme.ca().directory_url(), "--accept-tos", "--email", "ops@example.test", "--path",
                     folder.path().string(), "--dns", run.provider, "--dns.disable-cp", "--dns.resolvers", dns.text(),
                     "--domains", "example.test", "--domains", "*.example.test", "run"},
                    run.environment);
  const int code = lego.Join();
  return {.exit_code = code, .output = lego.output()};
}

void WithLego::SetUp() {
  if (IsInstalled("lego")) return;
  if (base::Environment("CI")) FAIL() << "lego is missing: install Debian's lego";
  GTEST_SKIP() << "lego is missing (Debian's lego): nobody foreign judged the fake";
}

}  // namespace tests
