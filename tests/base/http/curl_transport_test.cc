// SPDX-License-Identifier: MPL-2.0
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "base/http/proxy_code.h"
#include "base/http/transport.h"
#include "base/text.h"
#include "tests/support/loopback_http.h"
#include "tests/support/scoped_variable.h"

namespace base::http {
namespace {

using namespace std::chrono_literals;
using tests::After;
using tests::Answer;
using tests::LoopbackServer;
using tests::Reply;

Call RealCall(std::chrono::milliseconds limit = 20s, std::stop_token stop = {}) {
  return Call{.clock = &RealClock(), .deadline = Deadline::In(RealClock(), limit), .stop = std::move(stop), .log = {}};
}

std::shared_ptr<Transport> Make(const std::string& extra_roots = "") {
  auto made = MakeCurlTransport({.user_agent = "product/1.0", .extra_roots_pem = extra_roots});
  EXPECT_TRUE(made) << made.error().message;
  return *made;
}

Result<Response> Get(const std::string& url, const Call& call = RealCall()) { return Make()->Send(call, {.url = url}); }
// Of what is public, which needs no TLS.
Result<Response> GetPublic(const std::string& url) {
  return Make()->Send(RealCall(), {.url = url, .plain_http = PlainHttp::kPublic});
}

LoopbackServer::Handler Always(Reply reply) {
  return [reply = std::move(reply)](const Request&) { return reply; };
}

TEST(CurlTransport, ReturnsStatusHeadersAndBody) {
  const LoopbackServer server(Always(Answer(404, "not here", {{"X-One", "a"}, {"x-one", "b"}, {"Empty", ""}})));

  const auto response = Get(server.Url("/path?q=1"));

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, "not here");
  EXPECT_EQ(response->Find("X-ONE"), "a");
  EXPECT_EQ(response->FindAll("x-one").size(), 2U);
  EXPECT_EQ(response->Find("empty"), "");
  EXPECT_EQ(response->Find("absent"), std::nullopt);
  EXPECT_EQ(server.requests()[0].url, "/path?q=1");
}

TEST(CurlTransport, SendsMethodBodyAndHeadersAsGiven) {
  const LoopbackServer server(Always(Answer(200, "")));
  const std::string body("a\0b", 3);

  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    ASSERT_TRUE(Make()->Send(RealCall(), {.method = method, .url = server.Url("/"), .headers = {{"X-Key", "v"}}, .body = body}));
  }

  const std::vector<std::string> methods = {"POST", "PUT", "PATCH", "DELETE"};
  for (std::size_t i = 0; i < methods.size(); ++i) {
    const Request sent = server.requests()[i];
    const Response as_response{.headers = sent.headers};
    EXPECT_EQ(sent.method, methods[i]);
    EXPECT_EQ(sent.body, body);
    EXPECT_EQ(as_response.Find("x-key"), "v");
    EXPECT_EQ(as_response.Find("user-agent"), "product/1.0");
    EXPECT_EQ(as_response.Find("content-type"), std::nullopt);
    EXPECT_EQ(as_response.Find("expect"), std::nullopt);
    EXPECT_EQ(as_response.Find("accept-encoding"), std::nullopt);
  }
}

TEST(CurlTransport, SendsAnEmptyPostWithItsLength) {
  const LoopbackServer server(Always(Answer(200, "")));

  ASSERT_TRUE(Make()->Send(RealCall(), {.method = "POST", .url = server.Url("/")}));

  EXPECT_EQ((Response{.headers = server.requests()[0].headers}.Find("content-length")), "0");
}

TEST(CurlTransport, ReadsAnAnswerToHead) {
  const LoopbackServer server(Always(Answer(200, "twelve bytes", {{"Replay-Nonce", "abc"}})));

  const auto response = Make()->Send(RealCall(), {.method = "HEAD", .url = server.Url("/nonce")});

  ASSERT_TRUE(response);
  EXPECT_EQ(response->Find("replay-nonce"), "abc");
  EXPECT_EQ(response->body, "");
}

TEST(CurlTransport, KeepsConnectionsForLaterRequests) {
  const LoopbackServer server(Always(Answer(200, "")));
  const auto transport = Make();

  for (int i = 0; i < 5; ++i) ASSERT_TRUE(transport->Send(RealCall(), {.url = server.Url("/")}));

  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTransport, SendsManyRequestsAtOnceFromManyThreads) {
  std::latch all_here(8);
  const LoopbackServer server([&](const Request& request) {
    all_here.arrive_and_wait();  // none is answered before the last has come
    return Answer(200, request.url);
  });
  const auto transport = Make();

  std::vector<std::jthread> callers;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      const auto response = transport->Send(RealCall(), {.url = server.Url(Cat("/", i))});
      if (response && response->body == Cat("/", i)) ++right;
    });
  }
  callers.clear();

  EXPECT_EQ(right, 8);
}

TEST(CurlTransport, DoesNotFollowRedirects) {
  const LoopbackServer server(Always(Answer(302, "", {{"Location", "/elsewhere"}})));

  const auto response = Get(server.Url("/"));

  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(CurlTransport, SkipsInterimResponses) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
  const LoopbackServer server(Always({interim + Answer(200, "fine").bytes}));

  const auto response = Get(server.Url("/"));

  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->Find("link"), std::nullopt);
}

TEST(CurlTransport, SaysThatAConnectionIsRefusedAndNothingWasSent) {
  const int port = tests::ClosedPort();

  const auto response = Get(Cat("http://127.0.0.1:", port, "/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(response.error().delivery, base::Delivery::kNotSent);
  EXPECT_EQ(response.error().message, Cat("connection refused by 127.0.0.1:", port));
}

TEST(CurlTransport, NamesTheHostThatCannotBeResolved) {
  const auto response = Get("https://no-such-host.invalid/");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(response.error().delivery, base::Delivery::kNotSent);
  EXPECT_EQ(response.error().message, "the name no-such-host.invalid cannot be resolved");
}

// The environment of the process, as libcurl reads it.
class ProxyVariable {
 public:
  explicit ProxyVariable(int port) { setenv("http_proxy", Cat("http://127.0.0.1:", port).c_str(), 1); }
  ProxyVariable(const ProxyVariable&) = delete;
  ProxyVariable& operator=(const ProxyVariable&) = delete;
  ~ProxyVariable() { unsetenv("http_proxy"); }
};

TEST(CurlTransport, AsksTheProxyOfTheEnvironment) {
  const LoopbackServer proxy(Always(Answer(200, "by proxy")));
  const ProxyVariable variable(proxy.port());

  const auto response = GetPublic("http://example.test/path");

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(proxy.requests()[0].url, "http://example.test/path");
}

TEST(CurlTransport, BypassesTheProxyWhereTheRequestSaysSo) {
  const LoopbackServer proxy(Always(Answer(200, "by proxy")));
  const LoopbackServer server(Always(Answer(200, "direct")));
  const ProxyVariable variable(proxy.port());

  const auto response = Make()->Send(RealCall(), {.url = server.Url("/"), .proxies = Proxies::kBypassed});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "direct");
  EXPECT_TRUE(proxy.requests().empty());
}

TEST(CurlTransport, NamesTheProxyThatRefusesTheConnection) {
  const int port = tests::ClosedPort();
  const ProxyVariable variable(port);

  const auto response = GetPublic("http://example.test/");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().delivery, base::Delivery::kNotSent);
  EXPECT_EQ(response.error().code, kProxyCode);
  EXPECT_NE(response.error().message.find(
                Cat("the proxy for example.test:80 cannot be reached: Failed to connect to 127.0.0.1 port ", port)),
            std::string::npos)
      << response.error().message;
}

// libcurl quotes what it takes for the proxy's name or port, and a character that belongs percent-encoded makes that the
// password.
TEST(CurlTransport, ShowsNoPasswordOfAProxy) {
  for (const char* proxy :
       {"http://user:pw-canary/x@127.0.0.1:1", "http://user:pw-canary#x@127.0.0.1:1", "http://user:pw-canary?x@127.0.0.1:1",
        "http://user:pw-canary x@127.0.0.1:1", "http://user:pw@canary@127.0.0.1:1", "http://user:pw-canary@127.0.0.1:port",
        "http://user:pw-canary@127.0.0.1:99999", "htp://user:pw-canary@127.0.0.1:1", "user:pw-canary/x@127.0.0.1:1",
        "http://pw-canary/x:y@127.0.0.1:1", "socks9://user:pw-canary@127.0.0.1:1", "http://user:pw-canary@[127.0.0.1:1"}) {
    const tests::ScopedVariable variable("https_proxy", proxy);

    const auto response = Get("https://example.test/");

    ASSERT_FALSE(response) << proxy;
    EXPECT_EQ(response.error().message.find("canary"), std::string::npos) << proxy << ": " << response.error().message;
    EXPECT_NE(response.error().message.find("https_proxy"), std::string::npos) << proxy << ": " << response.error().message;
  }
}

TEST(CurlTransport, SaysWhatAProxyWithAPasswordAnswered) {
  const LoopbackServer proxy(Always(Answer(407, "")));
  const tests::ScopedVariable variable("https_proxy", Cat("http://user:pw-canary@127.0.0.1:", proxy.port()));

  const auto response = Get("https://example.test/");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message.find("canary"), std::string::npos) << response.error().message;
  EXPECT_NE(response.error().message.find("407"), std::string::npos) << response.error().message;
}

TEST(CurlTransport, TellsAResetBeforeTheAnswerFromARequestThatNeverLeft) {
  const LoopbackServer server(Always({"", After::kReset}));

  const auto response = Get(server.Url("/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(response.error().delivery, base::Delivery::kUnknown);
}

TEST(CurlTransport, RefusesABodyThatIsCutInTheMiddle) {
  const LoopbackServer server(Always({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", After::kClose}));

  const auto response = Get(server.Url("/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
}

TEST(CurlTransport, RefusesWhatIsNotHttp) {
  const LoopbackServer server(Always({"SSH-2.0-OpenSSH_9.2\r\n", After::kClose}));

  const auto response = Get(server.Url("/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kProtocol) << response.error().message;
}

TEST(CurlTransport, RefusesABodyOverTheLimit) {
  const LoopbackServer server(Always(Answer(200, std::string(16 * 1024 * 1024 + 1, 'x'))));

  const auto response = Get(server.Url("/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kProtocol) << response.error().message;
}

TEST(CurlTransport, RefusesOtherSchemes) { EXPECT_FALSE(Get("file:///etc/hostname")); }

TEST(CurlTransport, EndsAtTheDeadline) {
  const LoopbackServer server(Always({"", After::kHold}));

  const auto response = Get(server.Url("/"), RealCall(50ms));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kTimeout);
}

TEST(CurlTransport, EndsWithin100MillisecondsOfAStopRequest) {
  std::latch arrived(1);
  const LoopbackServer server([&](const Request&) {
    arrived.count_down();
    return Reply{"", After::kHold};
  });
  std::stop_source source;
  std::chrono::steady_clock::time_point stopped;
  std::jthread stopper([&] {
    arrived.wait();
    stopped = std::chrono::steady_clock::now();
    source.request_stop();
  });

  const auto response = Get(server.Url("/"), RealCall(20s, source.get_token()));

  stopper.join();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kCancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - stopped, 100ms);
}

TEST(CurlTransport, ServesOthersAfterACancelledRequest) {
  const LoopbackServer server([](const Request& request) {
    return request.url == "/held" ? Reply{"", After::kHold} : Answer(200, "fine");
  });
  const auto transport = Make();
  ASSERT_FALSE(transport->Send(RealCall(30ms), {.url = server.Url("/held")}));

  const auto response = transport->Send(RealCall(), {.url = server.Url("/")});

  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "fine");
}

}  // namespace
}  // namespace base::http
