// SPDX-License-Identifier: MPL-2.0
// Answers of CAs that were seen in the world, shortened.
#include "base/text.h"
#include "engine/acme/authorization.h"
#include "engine/acme/directory.h"
#include "engine/acme/order.h"
#include "engine/acme/problem.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

constexpr const char* kCase = "https://ca.example.net/case/1";

base::Error ErrorOf(int status, std::string body, std::vector<base::http::Header> headers = {}) {
  return ReplyError({status, std::move(headers), std::move(body)}, base::TimePoint(std::chrono::seconds(1000)));
}

base::Result<Authorization> AuthorizationOf(const std::string& challenges, const std::string& status = "pending") {
  return ParseAuthorization(base::Cat(R"({"status":")", status, R"(","identifier":{"type":"dns","value":"example.com"},)",
                                      R"("challenges":[)", challenges, "]}"),
                            kCase);
}

TEST(CaseProblem, PausedAccountsHaveTheWholeUrlAndTheTime) {
  const std::string url = base::Cat("https://portal.example.net/unpause?jwt=", std::string(900, 'J'));

  const auto error = ErrorOf(429,
                             base::Cat(R"({"type":"urn:ietf:params:acme:error:rateLimited","status":429,"detail":)",
                                       R"("Too many failed validations in a row. Open this page to resume it: )", url, "\"}"),
                             {{"Retry-After", "60"}});

  EXPECT_NE(error.message.find(url), std::string::npos) << error.message;
  EXPECT_EQ(error.retry_after, base::TimePoint(std::chrono::seconds(1060)));
}

TEST(CaseProblem, ALongTextWithoutAUrlIsCut) {
  const auto error = ErrorOf(400, base::Cat(R"({"type":"x","detail":")", std::string(5000, 'x'), "\"}"));

  EXPECT_LT(error.message.size(), 600U);
}

TEST(CaseProblem, UserActionShowsBothLinks) {
  const auto error = ErrorOf(403,
                             R"({"type":"urn:ietf:params:acme:error:userActionRequired","status":403,)"
                             R"("detail":"The terms of service have changed","instance":"https://ca.example.net/agree?t=42"})",
                             {{"Link", "<https://ca.example.net/terms>;rel=\"terms-of-service\""}});

  EXPECT_EQ(error.details, (Names{"See https://ca.example.net/agree?t=42", "Terms of service: https://ca.example.net/terms"}));
}

TEST(CaseAuthorization, ThatWasValidatedByOtherMeansIsValid) {
  const auto authorization =
      AuthorizationOf(R"({"type":"sectigo-email-01","url":"https://ca.example.net/chall/9","status":"valid"})", "valid");

  ASSERT_TRUE(authorization) << authorization.error().message;
  EXPECT_EQ(authorization->status, AuthorizationStatus::kValid);
  EXPECT_EQ(authorization->Find(ValidationMethod::kDns01), nullptr);
}

TEST(CaseAuthorization, UnknownChallengesBreakNothing) {
  const auto authorization = AuthorizationOf(
      R"({"type":"dns-persist-01","url":"https://ca.example.net/chall/1","status":"pending","issuer-domain-names":["ca.test"]},)"
      R"({"type":"dns-account-01","url":"https://ca.example.net/chall/2","status":"pending","token":"t"},)"
      R"({"type":"tk-42","status":"pending"},{"type":7},"odd",null,)"
      R"({"type":"dns-01","url":"https://ca.example.net/chall/3","status":"pending","token":"token"})");

  ASSERT_TRUE(authorization) << authorization.error().message;
  ASSERT_NE(authorization->Find(ValidationMethod::kDns01), nullptr);
  EXPECT_EQ(authorization->Find(ValidationMethod::kDns01)->url, "https://ca.example.net/chall/3");
}

base::Result<Order> OrderFor(const std::string& identifiers,
                             const std::string& authorization = "https://ca.example.net/authz/1") {
  return ParseOrder(base::Cat(R"({"status":"pending","identifiers":[)", identifiers, R"(],"authorizations":[")", authorization,
                              R"("],"finalize":"https://ca.example.net/finalize/1"})"),
                    "https://ca.example.net/order/1");
}

TEST(CaseOrder, NamesAreComparedWithoutCaseOrderAndStar) {
  struct {
    const char* identifiers;
    Names wanted;
    bool covers;
  } const cases[] = {
      {R"({"type":"dns","value":"WWW.EXAMPLE.COM"},{"type":"dns","value":"Example.com"})",
       {"example.com", "www.example.com"},
       true},
      {R"({"type":"dns","value":"wild.example.com"})", {"*.wild.example.com"}, true},
      {R"({"type":"dns","value":"a.test"},{"type":"dns","value":"added.test"},{"type":"odd"})", {"a.test"}, true},
      {R"({"type":"dns","value":"a.test"})", {"a.test", "b.test"}, false},
  };
  for (const auto& one : cases) {
    const auto order = OrderFor(one.identifiers);

    ASSERT_TRUE(order) << order.error().message;
    EXPECT_EQ(CoversNames(*order, one.wanted), one.covers) << one.identifiers;
  }
}

TEST(CaseOrder, AUrlInPlainHttpIsRefused) {
  const auto order = OrderFor(R"({"type":"dns","value":"example.com"})", "http://10.0.0.1/authz/1");

  ASSERT_FALSE(order);
  EXPECT_EQ(order.error().message, "the CA names the URL http://10.0.0.1, which is not https");
}

TEST(CaseDirectory, UnknownMembersAreIgnored) {
  const auto directory =
      ParseDirectory(R"({"newNonce":"https://ca.example.net/nonce","newAccount":"https://ca.example.net/acct",)"
                     R"("newOrder":"https://ca.example.net/order","revokeCert":"https://ca.example.net/revoke",)"
                     R"("keyChange":"https://ca.example.net/key","renewalInfo":"https://ca.example.net/ari","x-future":{"a":1},)"
                     R"("meta":{"caaIdentities":["ca.example.net"],"profiles":{"tlsserver":"https://ca.example.net/p1"},)"
                     R"("externalAccountRequired":false,"next":[1]}})");

  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ(directory->caa_identities, Names{"ca.example.net"});
  EXPECT_EQ(directory->profiles, Names{"tlsserver"});
}

}  // namespace
}  // namespace engine::acme
