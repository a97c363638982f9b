// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/plain_http.h"

#include <gtest/gtest.h>

#include <array>

#include "engine/connections/private_tls.h"
#include "tests/support/handler_transport.h"

namespace tests {
namespace {

using base::http::PlainHttp;
using engine::connections::CheckUrl;
using engine::connections::Connection;
using engine::connections::Deps;
using engine::connections::DepsOf;
using engine::connections::FieldProblem;
using engine::connections::kAllowHttpField;

constexpr std::array kUrlFields{base::ConfigField{.name = "server_url"}, kAllowHttpField};

Connection Allowing(bool allow_http, const std::string& url = "http://vault.example.com") {
  return {.kind = "trial", .id = "t", .settings = base::Settings(kUrlFields, {{"server_url", url}, {"allow_http", allow_http}})};
}

std::vector<FieldProblem> Problems(const Connection& connection) {
  std::vector<FieldProblem> problems;
  CheckUrl(connection, "server_url", problems);
  return problems;
}

TEST(CheckUrl, WantsTlsUnlessTheConnectionAllowsOtherwise) {
  const auto refused = Problems(Allowing(false));

  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused.front().field, "server_url");
  EXPECT_EQ(refused.front().unless, "allow_http");
  EXPECT_NE(refused.front().message.find("use https, or set `allow_http = true`"), std::string::npos) << refused.front().message;
  EXPECT_TRUE(Problems(Allowing(true)).empty());
  EXPECT_TRUE(Problems(Allowing(false, "http://localhost:8200")).empty());
  EXPECT_TRUE(Problems(Allowing(false, "https://vault.example.com")).empty());
}

TEST(CheckUrl, NeverTakesAPublicAddressWithoutTls) {
  const auto refused = Problems(Allowing(true, "http://203.0.113.1:8200"));

  ASSERT_EQ(refused.size(), 1U);
  EXPECT_NE(refused.front().message.find("its address is public"), std::string::npos) << refused.front().message;
}

TEST(DepsOf, LetsTheRequestsOfOneConnectionAlone) {
  const base::Call call{.clock = &base::RealClock(), .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(20))};
  HandlerTransport inner([](const base::Call&, const base::http::Request&) { return base::http::Response{.status = 200}; });
  const Deps deps{.http = &inner};

  for (const bool allowed : {false, true}) {
    const Deps own = DepsOf(Allowing(allowed), deps);
    ASSERT_TRUE(own.http->Send(call, {.url = "http://vault.example.com"}));
  }

  EXPECT_EQ(inner.requests()[0].plain_http, PlainHttp::kLoopback);
  EXPECT_EQ(inner.requests()[1].plain_http, PlainHttp::kPrivate);
  EXPECT_EQ(deps.http, &inner);
}

}  // namespace
}  // namespace tests
