// SPDX-License-Identifier: MPL-2.0
// The desec provider against a strict fake.
#include "tests/contract/replaced_sets_contract.h"
#include "tests/engine/vendors/desec/fake_api.h"
#include "tests/support/lego.h"
#include "tests/support/vendor_hosts.h"

namespace tests::desec_dns {
namespace {

class DesecBench : public TokenDnsBench<FakeDesec> {
 public:
  DesecBench() : TokenDnsBench("desec") {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Desec, DnsProviderContract, DesecBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Desec, DnsApiContract, DesecBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Desec, ReplacedSetsContract, DesecBench);

class DesecDns : public TokenDnsTest<DesecBench> {};

TEST_F(DesecDns, ReadsWritesAndVerifiesAllNamesInOneRequestEach) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 3U);
}

// deSEC refuses to list more sets at once.
TEST_F(DesecDns, ALargeZoneIsReadNameByName) {
  for (int i = 0; i < 600; ++i) bench_.AddForeign(base::Cat("host-", i, ".example.test."), "other");
  bench_.AddForeign("_acme-challenge.host-1.example.test.", "foreign");

  const auto result = Place(by_name_, Names(2));

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("_acme-challenge.host-1.example.test."), (std::vector<std::string>{"foreign", "value-1"}));
}

class FakeDesecJudged : public WithLego {};

TEST_F(FakeDesecJudged, LegoGetsACertificateThroughIt) {
  FakeDesec api;
  api.Add("_acme-challenge.example.test.", "foreign");
  const VendorHosts hosts(api, {"desec.io"});
  auto environment = hosts.environment();
  environment.push_back(base::Cat("DESEC_TOKEN=", FakeDesec::kToken));
  environment.push_back("DESEC_POLLING_INTERVAL=1");

  const auto outcome = RunLego(
      {.provider = "desec", .environment = environment, .values = [&](const std::string& fqdn) { return api.Values(fqdn); }});

  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(api.Values("_acme-challenge.example.test."), std::vector<std::string>{"foreign"}) << outcome.output;
  EXPECT_GE(api.CountRequests("PATCH"), 4U) << outcome.output;
}

}  // namespace
}  // namespace tests::desec_dns
