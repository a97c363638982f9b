// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/dnsimple/fake_api.h"

namespace tests::dnsimple_connection {
namespace {

struct Tokens {
  using Fake = FakeDnsimple;
  static constexpr const char* kKind = "dnsimple";
  static constexpr const char* kVariable = "DNSIMPLE_TOKEN";
  static constexpr const char* kRefusal = "DNSimple answered 401: Authentication failed";
  static void Complete(base::Settings& settings) { Put(settings, "account_id", std::string(FakeDnsimple::kAccount)); }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Dnsimple, TokenConnectionContract, Tokens);

TEST(DnsimpleValidate, AnAccountIsANumber) {
  const engine::connections::Connection connection{
      .kind = "dnsimple",
      .id = {},
      .settings = ConnectionSettings("dnsimple", {{"account_id", "ops@example.com"}, {"api_token", "a"}})};

  const auto problems = engine::vendors::FindConnection("dnsimple")->validate(connection);

  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().field, "account_id");
}

}  // namespace
}  // namespace tests::dnsimple_connection
