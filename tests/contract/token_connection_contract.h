// SPDX-License-Identifier: MPL-2.0
// What a connection with an API token (engine/connections/token_connection.h) must do. A test instantiates the suite with:
//   struct LinodeTokens {
//     using Fake = FakeLinode;                          // a FakeZoneApi with kUrl
//     static constexpr const char* kKind = "linode";
//     static constexpr const char* kVariable = "LINODE_TOKEN";
//     static constexpr const char* kRefusal = "Linode answered 401: Invalid Token";  // of a wrong token
//     static void Complete(base::Settings&);            // sets the other fields; may be absent
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Linode, TokenConnectionContract, LinodeTokens);
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "engine/vendors/catalog.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/settings.h"

namespace tests {

template <typename Tokens>
class TokenConnectionContract : public testing::Test {
 protected:
  static const engine::connections::ConnectionSpec& Spec() { return *engine::vendors::FindConnection(Tokens::kKind); }

  static engine::connections::Connection With(const std::string& token, const std::string& url = Tokens::Fake::kUrl) {
    engine::connections::Connection connection{
        .kind = Tokens::kKind, .id = "c", .settings = ConnectionSettings(Tokens::kKind, {{"endpoint_url", url}})};
    if (!token.empty()) Put(connection.settings, "api_token", base::Secret(token));
    if constexpr (requires { Tokens::Complete(connection.settings); }) Tokens::Complete(connection.settings);
    return connection;
  }

  base::Result<void> Check(const std::string& token) { return Spec().check(clock_.Call(), With(token), {.http = &fake_}); }

  typename Tokens::Fake fake_;
  FakeClock clock_;
};

TYPED_TEST_SUITE_P(TokenConnectionContract);

TYPED_TEST_P(TokenConnectionContract, ValidateNamesTheFieldThatIsWrong) {
  EXPECT_TRUE(this->Spec().validate(this->With("a-token\n")).empty());
  EXPECT_TRUE(this->Spec().validate(this->With("")).empty()) << "the environment may have it";

  const auto token = this->Spec().validate(this->With("two words"));
  const auto url = this->Spec().validate(this->With("a-token", "ftp://api.test"));

  ASSERT_EQ(token.size(), 1U);
  EXPECT_EQ(token.front().field, "api_token");
  ASSERT_EQ(url.size(), 1U);
  EXPECT_EQ(url.front().field, "endpoint_url");
}

TYPED_TEST_P(TokenConnectionContract, TheCheckAcceptsATokenThatMayRead) {
  const auto checked = this->Check(TypeParam::Fake::kReadOnlyToken);

  EXPECT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(this->fake_.requests().size(), 1U);
}

TYPED_TEST_P(TokenConnectionContract, TheCheckBlamesAWrongToken) {
  const auto checked = this->Check("wrong-token-canary");

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, base::ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "api_token");
  EXPECT_EQ(checked.error().message, TypeParam::kRefusal);
}

TYPED_TEST_P(TokenConnectionContract, TheEnvironmentHasTheTokenWhereTheFieldHasNone) {
  const ScopedVariable variable(TypeParam::kVariable, TypeParam::Fake::kToken);

  const auto from_variable = this->Check("");
  const auto from_field = this->Check("wrong-token-canary");

  EXPECT_TRUE(from_variable) << from_variable.error().message;
  EXPECT_FALSE(from_field);
}

TYPED_TEST_P(TokenConnectionContract, WithoutATokenTheFieldAndTheVariableAreNamed) {
  const auto checked = this->Check("");

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "api_token");
  EXPECT_NE(checked.error().message.find(TypeParam::kVariable), std::string::npos) << checked.error().message;
  EXPECT_TRUE(this->fake_.requests().empty());
}

REGISTER_TYPED_TEST_SUITE_P(TokenConnectionContract, ValidateNamesTheFieldThatIsWrong, TheCheckAcceptsATokenThatMayRead,
                            TheCheckBlamesAWrongToken, TheEnvironmentHasTheTokenWhereTheFieldHasNone,
                            WithoutATokenTheFieldAndTheVariableAreNamed);

}  // namespace tests
