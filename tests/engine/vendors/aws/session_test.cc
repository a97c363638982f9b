// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/session.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <thread>
#include <vector>

#include "tests/engine/vendors/aws/auth/fake_identity.h"
#include "tests/support/fake_clock.h"
#include "tests/support/handler_transport.h"

namespace tests::aws_session {
namespace {

using base::ErrorKind;
using base::Secret;
using base::http::Request;
using base::http::Response;
using engine::vendors::aws::AwsSession;
using engine::vendors::aws::auth::AwsSettings;
using std::chrono::minutes;

std::optional<std::string> NoEnvironment(const char*) { return std::nullopt; }

AwsSettings Keys() { return {.access_key_id = "AKIAGIVEN", .secret_access_key = Secret("x")}; }

Response Refusal(std::string_view code, int status = 400) {
  return {.status = status, .body = base::Cat("<ErrorResponse><Error><Code>", code, "</Code></Error></ErrorResponse>")};
}

TEST(AwsSessionCredentials, AreKeptUntilFiveMinutesBeforeTheyExpire) {
  FakeAwsIdentity aws;
  aws.is_instance = true;
  FakeClock clock(*base::ParseRfc3339("2026-01-02T03:04:05Z"));
  AwsSession session({}, NoEnvironment);

  for (const int minute : {0, 54, 1}) {
    clock.Advance(minutes(minute));
    ASSERT_TRUE(session.Credentials(clock.Call(), aws.transport()));
  }

  EXPECT_EQ(aws.fetches(), 2);
}

TEST(AwsSessionCredentials, OldOnesServeWhileTheyLastWhenRenewalFails) {
  FakeAwsIdentity aws;
  aws.is_instance = true;
  FakeClock clock(*base::ParseRfc3339("2026-01-02T03:04:05Z"));
  AwsSession session({}, NoEnvironment);
  ASSERT_TRUE(session.Credentials(clock.Call(), aws.transport()));
  aws.is_instance = false;

  clock.Advance(minutes(58));
  EXPECT_TRUE(session.Credentials(clock.Call(), aws.transport()));
  clock.Advance(minutes(2));
  EXPECT_FALSE(session.Credentials(clock.Call(), aws.transport()));
}

TEST(AwsSessionCredentials, AreFetchedOnceForManyThreads) {
  FakeAwsIdentity aws;
  aws.is_instance = true;
  FakeClock clock(*base::ParseRfc3339("2026-01-02T03:04:05Z"));
  AwsSession session({}, NoEnvironment);
  const base::Call call = clock.Call();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] { EXPECT_TRUE(session.Credentials(call, aws.transport())); });
    }
  }

  EXPECT_EQ(aws.fetches(), 1);
}

TEST(AwsSessionRegion, ComesFromSettingsEnvironmentOrDefault) {
  const auto environment = [](const char* name) {
    return std::string_view(name) == "AWS_DEFAULT_REGION" ? std::optional<std::string>("eu-north-1") : std::nullopt;
  };

  EXPECT_EQ(AwsSession({.region = "cn-north-1"}, environment).region(), "cn-north-1");
  EXPECT_EQ(AwsSession({}, environment).region(), "eu-north-1");
  EXPECT_EQ(AwsSession({}, NoEnvironment).region(), "us-east-1");
}

// It becomes a part of a host's name: a mere plan would connect to attacker.example.com, with a signature.
TEST(AwsSessionSend, ConnectsNowhereForARegionThatIsNone) {
  for (const char* region :
       {"attacker.example.com/", "eu-west-1.attacker.example.com", "eu-west-1@x", "eu west-1", "EU-WEST-1", "eu"}) {
    HandlerTransport none([](const base::Call&, const base::http::Request&) { return base::http::Response{.status = 200}; });
    FakeClock clock(*base::ParseRfc3339("2026-01-02T03:04:05Z"));
    AwsSession of_call({.access_key_id = "AKIAIOSFODNN7EXAMPLE", .secret_access_key = base::Secret("s")}, NoEnvironment);
    AwsSession of_settings({.access_key_id = "AKIAIOSFODNN7EXAMPLE", .secret_access_key = base::Secret("s"), .region = region},
                           NoEnvironment);

    const auto by_call = of_call.Send(clock.Call(), none, "acm", region, {.method = "POST", .url = "/"}, "listing");
    const auto by_settings = of_settings.Send(clock.Call(), none, "acm", "", {.method = "POST", .url = "/"}, "listing");

    EXPECT_EQ(by_call.error().kind, base::ErrorKind::kInvalid) << region;
    EXPECT_EQ(by_settings.error().kind, base::ErrorKind::kInvalid) << region;
    EXPECT_TRUE(none.requests().empty()) << region;
  }
}

TEST(AwsSessionEndpoint, CanBeSetForAllServicesOrForOne) {
  const auto environment = [](const char* name) {
    if (std::string_view(name) == "AWS_ENDPOINT_URL_ROUTE_53") return std::optional<std::string>("http://one:1/");
    if (std::string_view(name) == "AWS_ENDPOINT_URL") return std::optional<std::string>("http://all:2");
    return std::optional<std::string>();
  };

  EXPECT_EQ(AwsSession({}, environment).Endpoint("route53")->url, "http://one:1");
  EXPECT_EQ(AwsSession({}, environment).Endpoint("acm", "eu-west-1")->url, "http://all:2");
  EXPECT_EQ(AwsSession({}, environment).Endpoint("acm", "eu-west-1")->region, "eu-west-1");
  EXPECT_EQ(AwsSession({.endpoint_url = "http://given"}, environment).Endpoint("route53")->url, "http://given");
}

// The environment with a config file of this text.
base::EnvironmentReader WithConfig(const std::string& name, const std::string& text,
                                   std::map<std::string, std::string> environment = {}) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  environment["AWS_CONFIG_FILE"] = path;
  return [environment](const char* variable) {
    const auto found = environment.find(variable);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(AwsSessionEndpoint, OfAProfileGoesBehindThatOfTheEnvironment) {
  const std::string text =
      "[default]\nregion = eu-west-1\nendpoint_url = http://profile\nservices = local\n[services local]\n"
      "route_53 =\n  endpoint_url = http://service\n[profile astray]\nservices = none\n";
  const AwsSession session({}, WithConfig("endpoints", text));
  const AwsSession ignoring({}, WithConfig("endpoints", text, {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}}));

  EXPECT_EQ(session.Endpoint("route53")->url, "http://service");
  EXPECT_EQ(session.Endpoint("sts")->url, "http://profile");
  EXPECT_EQ(AwsSession({}, WithConfig("endpoints", text, {{"AWS_ENDPOINT_URL", "http://all"}})).Endpoint("route53")->url,
            "http://all");
  EXPECT_EQ(ignoring.Endpoint("sts")->url, "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(AwsSession({.profile = "astray"}, WithConfig("endpoints", text)).Endpoint("sts").error().message,
            "the profile \"astray\" names the services section \"none\", which is not in AWS's shared files");
}

TEST(AwsSessionEndpoint, HonoursFipsAndDualStack) {
  const std::string text = "[default]\nregion = us-east-1\nuse_fips_endpoint = true\n";
  const auto url = [&](std::map<std::string, std::string> environment) {
    const auto endpoint = AwsSession({}, WithConfig("fips", text, std::move(environment))).Endpoint("acm");
    return endpoint ? endpoint->url : endpoint.error().message;
  };

  EXPECT_EQ(url({}), "https://acm-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(url({{"AWS_USE_DUALSTACK_ENDPOINT", "true"}}), "https://acm-fips.us-east-1.api.aws");
  EXPECT_EQ(url({{"AWS_USE_FIPS_ENDPOINT", "FALSE"}}), "https://acm.us-east-1.amazonaws.com");
  EXPECT_EQ(url({{"AWS_USE_FIPS_ENDPOINT", "1"}}),
            "AWS_USE_FIPS_ENDPOINT or the profile's use_fips_endpoint is neither true nor false");
  EXPECT_EQ(url({{"AWS_ENDPOINT_URL", "http://all"}}),
            "the AWS configuration asks for a FIPS endpoint, and sets the endpoint's URL too: leave one of them out");
}

TEST(AwsSessionSend, SignsAnewForEachAttemptWhileThrottled) {
  FakeClock clock;
  int answered = 0;
  HandlerTransport transport([&](const base::Call&, const Request&) -> base::Result<Response> {
    return ++answered < 4 ? Refusal("Throttling") : Response{.status = 200, .body = "fine"};
  });
  AwsSession session(Keys(), NoEnvironment);

  const auto response = session.Send(clock.Call(), transport, "route53", "", {.url = "/2013-04-01/x"}, "listing");

  ASSERT_TRUE(response) << response.error().message;
  const auto sent = transport.requests();
  ASSERT_EQ(sent.size(), 4U);
  EXPECT_EQ(sent[0].url, "https://route53.amazonaws.com/2013-04-01/x");
  EXPECT_NE(HeaderOf(sent[0], "Authorization"), HeaderOf(sent[3], "Authorization"));
  EXPECT_NE(HeaderOf(sent[3], "Authorization").find("/us-east-1/route53/"), std::string::npos);
}

TEST(AwsSessionSend, GivesUpOnThrottlingAtTheDeadline) {
  FakeClock clock;
  HandlerTransport transport([](const base::Call&, const Request&) { return Refusal("Throttling"); });
  AwsSession session(Keys(), NoEnvironment);

  const auto response = session.Send(clock.Call(std::chrono::seconds(3)), transport, "route53", "", {.url = "/x"}, "listing");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kRateLimited);
  EXPECT_EQ(response.error().code, "Throttling");
}

TEST(AwsSessionSend, DoesNotRepeatWhatIsRefused) {
  FakeClock clock;
  HandlerTransport transport([](const base::Call&, const Request&) { return Refusal("SignatureDoesNotMatch", 403); });
  AwsSession session(Keys(), NoEnvironment);

  const auto response = session.Send(clock.Call(), transport, "route53", "", {.url = "/x"}, "listing");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(transport.requests().size(), 1U);
}

TEST(AwsSessionSend, FetchesExpiredCredentialsAnewOnce) {
  FakeAwsIdentity aws;
  aws.is_instance = true;
  FakeClock clock(*base::ParseRfc3339("2026-01-02T03:04:05Z"));
  HandlerTransport transport([&](const base::Call& call, const Request& request) -> base::Result<Response> {
    if (request.url.starts_with("http://169.254")) return aws.transport().Send(call, request);
    return Refusal("ExpiredToken", 403);
  });
  AwsSession session({}, NoEnvironment);

  const auto response = session.Send(clock.Call(), transport, "route53", "", {.url = "/x"}, "listing");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, "ExpiredToken");
  EXPECT_EQ(aws.fetches(), 2);
}

TEST(SharedAwsSession, IsOnePerSettings) {
  AwsSettings other = Keys();
  other.secret_access_key = Secret("y");

  AwsSettings tagged = Keys();
  tagged.role = {{.arn = "arn:1", .tags = {{"a", "1"}}}};
  AwsSettings untagged = Keys();
  untagged.role = {{.arn = "arn:1"}};
  const engine::connections::Deps deps;

  const auto session = engine::vendors::aws::SharedAwsSession(Keys(), deps);

  EXPECT_EQ(session, engine::vendors::aws::SharedAwsSession(Keys(), deps));
  EXPECT_NE(session, engine::vendors::aws::SharedAwsSession(other, deps));
  EXPECT_NE(engine::vendors::aws::SharedAwsSession(tagged, deps), engine::vendors::aws::SharedAwsSession(untagged, deps));
}

}  // namespace
}  // namespace tests::aws_session
