// SPDX-License-Identifier: MPL-2.0
// The gandi provider against a strict fake.
#include "tests/contract/replaced_sets_contract.h"
#include "tests/engine/vendors/gandi/fake_api.h"
#include "tests/support/lexicon.h"

namespace tests::gandi_dns {
namespace {

class GandiBench : public TokenDnsBench<FakeGandi> {
 public:
  GandiBench() : TokenDnsBench("gandi") {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Gandi, DnsProviderContract, GandiBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Gandi, DnsApiContract, GandiBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Gandi, ReplacedSetsContract, GandiBench);

class GandiDns : public TokenDnsTest<GandiBench> {};

TEST_F(GandiDns, ReadsAndVerifiesAllNamesInOneRequestEach) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 2U + 19U);  // one of them is there already
}

TEST_F(GandiDns, AForeignValueIsFoundOnALaterPage) {
  for (int i = 0; i < 600; ++i) bench_.AddForeign(base::Cat("a-host-", i, ".example.test."), "other");
  bench_.AddForeign("z.example.test.", "foreign");

  const auto result = Place(by_name_, {{.fqdn = "z.example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("z.example.test."), (std::vector<std::string>{"a", "foreign"}));
}

class FakeGandiJudged : public WithLexicon {};

TEST_F(FakeGandiJudged, AForeignClientSeesOurValueAndLeavesIt) {
  GandiBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("gandi")->make(bench.good(), {.http = bench.http()});
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen =
      RunLexicon(bench.api(), "gandi", "/v5/livedns", {{"auth_token", FakeGandi::kToken}, {"api_protocol", "rest"}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::gandi_dns
