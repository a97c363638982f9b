// SPDX-License-Identifier: MPL-2.0
// The webhook provider against a strict fake.
#include "tests/contract/dns_api_contract.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/engine/vendors/webhook/fake_server.h"
#include "tests/support/lego.h"
#include "tests/support/loopback_http.h"
#include "tests/support/settings.h"

namespace tests::webhook_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

Connection With(const char* password, const char* url = FakeWebhook::kUrl) {
  Connection connection{.kind = "webhook",
                        .id = "c",
                        .settings = ConnectionSettings("webhook", {{"endpoint_url", url}, {"username", FakeWebhook::kUsername}})};
  Put(connection.settings, "password", base::Secret(password));
  return connection;
}

class WebhookBench : public DnsApiBench<FakeWebhook> {
 public:
  Connection good() const { return With(FakeWebhook::kPassword); }
  Connection denied() const { return With("wrong-password-canary"); }
  Connection silent() const { return With(FakeWebhook::kPassword, FakeApi::kSilentUrl); }
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return {.status = 429, .headers = {{"Retry-After", std::to_string(wait.count())}}, .body = {}};
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Webhook, DnsProviderContract, WebhookBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Webhook, DnsApiContract, WebhookBench);

TEST(Webhook, AValueThatFailsKeepsTheOthersRemovable) {
  FakeWebhook api;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("webhook")->make(With(FakeWebhook::kPassword), {.http = &api});
  std::vector<PlacedRecord> placed;
  const std::vector<TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "a"},
                                       {.fqdn = "_acme-challenge.other.test.", .value = "b"},
                                       {.fqdn = "_acme-challenge.www.example.test.", .value = "c"}};

  const auto result = provider->Place(clock.Call(), {.name = "example.test.", .id = {}}, records, placed);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(result.error().message, "the webhook answered 422 to /present for _acme-challenge.other.test.");
  EXPECT_EQ(placed.size(), 2u);
}

class FakeWebhookJudged : public WithLego {
 protected:
  LegoOutcome Run(const std::string& password) {
    const LoopbackServer server([this](const base::http::Request& request) { return Answer(api_.Handle(request)); });
    return RunLego(
        {.provider = "httpreq",
         .environment = {"HTTPREQ_ENDPOINT=" + server.Url("/dns"), base::Cat("HTTPREQ_USERNAME=", FakeWebhook::kUsername),
                         "HTTPREQ_PASSWORD=" + password, "HTTPREQ_POLLING_INTERVAL=1"},
         .values = [this](const std::string& fqdn) { return api_.Values(fqdn); }});
  }

  FakeWebhook api_;
};

TEST_F(FakeWebhookJudged, LegoGetsACertificateThroughIt) {
  const auto outcome = Run(FakeWebhook::kPassword);

  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(api_.requests().size(), 4u) << outcome.output;
  EXPECT_TRUE(api_.Values("_acme-challenge.example.test.").empty()) << outcome.output;
}

TEST_F(FakeWebhookJudged, LegoIsRefusedWithAWrongPassword) {
  const auto outcome = Run("wrong");

  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("401"), std::string::npos) << outcome.output;
}

}  // namespace
}  // namespace tests::webhook_dns
