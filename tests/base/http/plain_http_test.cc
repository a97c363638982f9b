// SPDX-License-Identifier: MPL-2.0
#include "base/http/plain_http.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "base/text.h"
#include "tests/support/handler_transport.h"
#include "tests/support/loopback_http.h"
#include "tests/support/scoped_variable.h"

namespace base::http {
namespace {

using tests::Answer;
using tests::LoopbackServer;
using tests::ScopedVariable;

bool IsAllowed(const std::string& url, PlainHttp allowed) { return CheckPlainHttp(*ParseUrl(url), allowed).ok(); }

sockaddr_in SocketAddress(const char* text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, text, &address.sin_addr);
  return address;
}

bool MayConnect(const std::string& url, PlainHttp allowed, const char* address) {
  const sockaddr_in where = SocketAddress(address);
  return MayConnectPlain(*ParseUrl(url), allowed, &where);
}

TEST(CheckPlainHttp, LetsRequestsWithoutTlsStayOnThisMachine) {
  for (const char* url :
       {"https://vault.example.com:8200", "http://localhost:8200", "http://127.0.0.1/", "http://[::1]:80/",
        "http://169.254.169.254/latest", "http://[fd00:ec2::254]/latest", "http://metadata.google.internal/x"}) {
    EXPECT_TRUE(IsAllowed(url, PlainHttp::kLoopback)) << url;
  }
  for (const char* url :
       {"http://vault.example.com:8200", "http://10.0.0.1/", "http://169.254.1.1/", "http://localhost.evil.test/",
        "http://127.evil.test/", "http://0.0.0.0/", "http://127.1/", "http://2130706433/"}) {
    EXPECT_FALSE(IsAllowed(url, PlainHttp::kLoopback)) << url;
  }
}

TEST(CheckPlainHttp, LetsThemGoToPrivateAddressesWhereThatIsAllowed) {
  for (const char* url : {"http://vault.example.com:8200", "http://10.0.0.1/", "http://169.254.1.1/", "http://[fd00::1]/"}) {
    EXPECT_TRUE(IsAllowed(url, PlainHttp::kPrivate)) << url;
  }
  for (const char* url : {"http://203.0.113.1/", "http://[2001:db8::1]/", "http://0.0.0.0/"}) {
    EXPECT_FALSE(IsAllowed(url, PlainHttp::kPrivate)) << url;
    EXPECT_TRUE(IsAllowed(url, PlainHttp::kPublic)) << url;
  }
}

TEST(CheckPlainHttp, SaysWhyAndShowsNoPath) {
  const auto refused = CheckPlainHttp(*ParseUrl("http://vault.example.com:8200/v1/secret?key=canary"), PlainHttp::kLoopback);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(refused.error().message,
            "the URL http://vault.example.com:8200 has no TLS (https), and what is sent beyond this machine must be encrypted");
}

// A name leads wherever its owner wants.
TEST(MayConnectPlain, JudgesTheAddressThatANameLedTo) {
  EXPECT_TRUE(MayConnect("https://a.test", PlainHttp::kLoopback, "203.0.113.1"));
  EXPECT_TRUE(MayConnect("http://localhost", PlainHttp::kLoopback, "127.0.0.1"));
  EXPECT_FALSE(MayConnect("http://localhost", PlainHttp::kLoopback, "10.0.0.1"));
  EXPECT_FALSE(MayConnect("http://localhost", PlainHttp::kPrivate, "10.0.0.1"));
  EXPECT_TRUE(MayConnect("http://metadata.google.internal", PlainHttp::kLoopback, "169.254.169.254"));
  EXPECT_FALSE(MayConnect("http://metadata.google.internal", PlainHttp::kLoopback, "203.0.113.1"));
  EXPECT_TRUE(MayConnect("http://vault.example.com", PlainHttp::kPrivate, "192.168.0.1"));
  EXPECT_FALSE(MayConnect("http://vault.example.com", PlainHttp::kPrivate, "203.0.113.1"));
  EXPECT_TRUE(MayConnect("http://ca.test", PlainHttp::kPublic, "203.0.113.1"));
}

Result<Response> SendToken(const std::string& url, PlainHttp allowed = PlainHttp::kLoopback) {
  const Call call{.clock = &RealClock(), .deadline = Deadline::In(RealClock(), std::chrono::seconds(20)), .stop = {}, .log = {}};
  const Request request{
      .method = "POST", .url = url, .headers = {{"X-Vault-Token", "token-canary"}}, .body = "key-canary", .plain_http = allowed};
  return (*MakeCurlTransport({}))->Send(call, request);
}

// The attack: whoever sits on the way, here as the proxy, records what goes by. Before, it got the token and the body.
TEST(CurlTransport, NeitherSendsCredentialsWithoutTlsNorConnects) {
  const LoopbackServer recorder([](const Request&) { return Answer(200, ""); });
  const ScopedVariable proxy("http_proxy", Cat("http://127.0.0.1:", recorder.port()));

  for (const char* url : {"http://vault.example.com:8200/v1/secret", "http://203.0.113.1/", "HTTP://vault.example.com/",
                          "http:vault.example.com", "http:/vault.example.com", "http://user:pass@127.0.0.1@vault.example.com/"}) {
    const auto sent = SendToken(url);

    ASSERT_FALSE(sent) << url;
    EXPECT_EQ(sent.error().kind, ErrorKind::kInvalid) << url << ": " << sent.error().message;
  }
  EXPECT_EQ(recorder.connections(), 0);
}

TEST(CurlTransport, GoesPastTheProxyWithoutTls) {
  const LoopbackServer recorder([](const Request&) { return Answer(200, "recorded"); });
  const LoopbackServer server([](const Request&) { return Answer(200, "direct"); });
  const ScopedVariable proxy("http_proxy", Cat("http://127.0.0.1:", recorder.port()));

  for (const PlainHttp allowed : {PlainHttp::kLoopback, PlainHttp::kPrivate}) {
    const auto sent = SendToken(server.Url("/"), allowed);

    ASSERT_TRUE(sent) << sent.error().message;
    EXPECT_EQ(sent->body, "direct");
  }
  EXPECT_EQ(recorder.connections(), 0);
}

TEST(PrivateHttpTransport, AllowsWhatTheConnectionAllowsAndNoMore) {
  std::vector<PlainHttp> seen;
  const auto inner = std::make_shared<tests::HandlerTransport>([&](const Call&, const Request& request) {
    seen.push_back(request.plain_http);
    return Response{.status = 200};
  });
  PrivateHttpTransport transport(inner);

  const Call call{.clock = &RealClock(), .deadline = Deadline::In(RealClock(), std::chrono::seconds(20)), .stop = {}, .log = {}};

  ASSERT_TRUE(transport.Send(call, {.url = "http://vault.example.com"}));
  ASSERT_TRUE(transport.Send(call, {.url = "http://ca.test", .plain_http = PlainHttp::kPublic}));

  EXPECT_EQ(seen, (std::vector<PlainHttp>{PlainHttp::kPrivate, PlainHttp::kPublic}));
}

}  // namespace
}  // namespace base::http
