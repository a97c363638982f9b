// SPDX-License-Identifier: MPL-2.0
// The akamai provider against a strict fake.
#include "tests/contract/replaced_sets_contract.h"
#include "tests/engine/vendors/akamai/fake_api.h"
#include "tests/support/foreign_python.h"
#include "tests/support/loopback_http.h"

namespace tests::akamai_dns {
namespace {

class AkamaiBench : public DnsApiBench<FakeAkamai> {
 public:
  static constexpr int kManyNames = 100;  // two requests each, of 300 a minute

  engine::connections::Connection With(const char* client_token, const char* url = FakeAkamai::kUrl) const {
    return {.kind = "akamai",
            .id = "c",
            .settings = ConnectionSettings("akamai", {{"endpoint_url", url},
                                                      {"client_token", client_token},
                                                      {"client_secret", FakeAkamai::kClientSecret},
                                                      {"access_token", FakeAkamai::kAccessToken}})};
  }
  engine::connections::Connection good() const { return With(FakeAkamai::kClientToken); }
  engine::connections::Connection denied() const { return With("wrong-token-canary"); }
  engine::connections::Connection silent() const { return With(FakeAkamai::kClientToken, FakeApi::kSilentUrl); }
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return JsonAnswer(429, base::Json::object(), {{"Retry-After", std::to_string(wait.count())}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Akamai, DnsProviderContract, AkamaiBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Akamai, DnsApiContract, AkamaiBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Akamai, ReplacedSetsContract, AkamaiBench);

class AkamaiDns : public TokenDnsTest<AkamaiBench> {
 protected:
  base::Result<void> PlaceAs(const char* client_token, const std::vector<engine::dns::TxtRecord>& records) {
    return Place(by_name_, records, client_token);
  }
};

TEST_F(AkamaiDns, ReadsAndVerifiesAllNamesInOneRequestEach) {
  ASSERT_TRUE(PlaceAs(FakeAkamai::kClientToken, Names(1)));
  EXPECT_EQ(bench_.api().requests().size(), 3U);
  ASSERT_TRUE(PlaceAs(FakeAkamai::kClientToken, Names(20)));
  EXPECT_EQ(bench_.api().requests().size(), 3U + 2U + 19U);  // one of them is there already
}

TEST_F(AkamaiDns, AnApiClientThatMayOnlyReadIsToldWhatIsNeeded) {
  const auto result = PlaceAs(FakeAkamai::kReadOnlyClientToken, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("READ-WRITE"), std::string::npos) << result.error().message;
}

class FakeAkamaiJudged : public WithForeignPython {};

TEST_F(FakeAkamaiJudged, OctodnsWithAkamaisOwnSignaturesIsServedAndRefusedAsByAkamai) {
  FakeAkamai api;
  api.Add("_acme-challenge.example.test.", "ours");
  const LoopbackServer server([&api](const base::http::Request& request) { return Answer(api.Handle(request)); });

  const std::string findings = RunJudge("akamai/judge_dns.py", {server.Url("/config-dns/v2/"), FakeAkamai::kClientToken,
                                                                FakeAkamai::kClientSecret, FakeAkamai::kAccessToken});

  EXPECT_EQ(findings,
            "sets: _acme-challenge.example.test \"ours\"\n"
            "made twice: 409\n"
            "sets: _acme-challenge.example.test \"ours\" \"one\"\n"
            "sets: _acme-challenge.example.test \"ours\" \"one\" other.example.test \"two\"\n"
            "sets: _acme-challenge.example.test \"ours\" \"one\"\n"
            "gone: 404\n"
            "no zone: 404\n"
            "stranger: 401\n");
}

}  // namespace
}  // namespace tests::akamai_dns
