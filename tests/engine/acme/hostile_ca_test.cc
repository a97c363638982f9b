// SPDX-License-Identifier: MPL-2.0
// What a CA, or whoever answers in its place, can make this machine send, and where to.
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/acme/directory.h"
#include "engine/acme/renewal_info.h"
#include "tests/engine/acme/acme_fixture.h"
#include "tests/support/handler_transport.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using base::Json;
using base::http::Request;
using base::http::Response;

// The fake server behind a transport that changes its answers.
class HostileCaTest : public AcmeTest {
 protected:
  using Change = std::function<void(const Request&, Response&)>;

  base::Result<Issued> IssueFromHostile(const Change& change) {
    hostile_ = std::make_shared<tests::HandlerTransport>([this, change](const base::Call& call, const Request& request) {
      if (!request.url.starts_with(server->behaviour.base_url)) return base::Result<Response>(Response{.status = 200});
      auto response = server->Send(call, request);
      if (response) change(request, *response);
      return response;
    });
    client_ = MakeClient({.directory_url = server->directory_url(), .transport = hostile_, .random = &random});
    auto account = RegisterAccount(Call(), *client_, {.key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256)});
    if (!account) return std::move(account).error();
    return Issue(Call(), *client_, *account, {.dns_names = {"a.test"}, .key = key}, solver);
  }
  // Requests to another host than the CA's own.
  int Astray() const {
    int count = 0;
    for (const Request& one : hostile_->requests()) count += one.url.starts_with(server->behaviour.base_url) ? 0 : 1;
    return count;
  }
  static bool IsOrder(const Response& response) { return response.body.find("\"finalize\"") != std::string::npos; }
  static void Edit(Response& response, const std::function<void(Json&)>& edit) {
    Json body = *base::ParseJsonObject(response.body);
    edit(body);
    response.body = base::DumpJson(body);
  }

  std::shared_ptr<tests::HandlerTransport> hostile_;
  std::shared_ptr<Client> client_;
};

// Before, each was asked for with a signed request, in every look at the order.
TEST_F(HostileCaTest, AnOrderWithMoreAuthorizationsThanNamesIsRefused) {
  const auto issued = IssueFromHostile([](const Request&, Response& response) {
    if (!IsOrder(response)) return;
    Edit(response, [](Json& order) {
      for (int i = 0; i < 1000; ++i) order["authorizations"].push_back(base::Cat("https://10.0.0.5/admin/", i));
    });
  });

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, base::ErrorKind::kProtocol);
  EXPECT_EQ(issued.error().message, "the CA wants 1001 authorizations for 1 names");
  EXPECT_EQ(Astray(), 0);
}

TEST_F(HostileCaTest, UrlsWithoutTlsAreNotAskedFor) {
  for (const char* member : {"newAccount", "newNonce", "newOrder"}) {
    const auto issued = IssueFromHostile([&](const Request& request, Response& response) {
      if (request.method == "GET") Edit(response, [&](Json& directory) { directory[member] = "http://10.0.0.5/admin"; });
    });

    ASSERT_FALSE(issued) << member;
    EXPECT_EQ(issued.error().message, "the CA names the URL http://10.0.0.5, which is not https") << member;
    EXPECT_EQ(Astray(), 0) << member;
  }
  const auto authorization = IssueFromHostile([](const Request&, Response& response) {
    if (IsOrder(response)) Edit(response, [](Json& order) { order["authorizations"] = {"http://127.0.0.1:2375/containers"}; });
  });

  ASSERT_FALSE(authorization);
  EXPECT_EQ(authorization.error().message, "the CA names the URL http://127.0.0.1:2375, which is not https");
  EXPECT_EQ(Astray(), 0);
}

TEST_F(HostileCaTest, RenewalInformationWithoutTlsIsNotAskedFor) {
  ASSERT_TRUE(IssueFromHostile([](const Request& request, Response& response) {
    if (request.method == "GET") Edit(response, [](Json& directory) { directory["renewalInfo"] = "http://10.0.0.5/ari"; });
  }));

  const auto info = FetchRenewalInfo(Call(), *client_, "id");

  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().message, "the CA names the URL http://10.0.0.5, which is not https");
  EXPECT_EQ(Astray(), 0);
}

// An order that stays pending, asks to be looked at again at once, and whose every second nonce is refused.
TEST_F(HostileCaTest, AnOrderTakesABoundedNumberOfRequests) {
  server->behaviour.slow_challenges = true;
  int looks = 0;
  const auto issued = IssueFromHostile([&](const Request& request, Response& response) {
    if (!IsOrder(response) || request.url.ends_with("new-order")) return;
    response.headers.push_back({"Retry-After", "0"});
    if (++looks % 2 == 0) return;
    response.status = 400;
    response.body = R"({"type":"urn:ietf:params:acme:error:badNonce"})";
  });

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().message, "the CA takes more than 1200 requests for one order; the order was given up");
  EXPECT_LE(hostile_->requests().size(), 1210U);
}

}  // namespace
}  // namespace engine::acme
