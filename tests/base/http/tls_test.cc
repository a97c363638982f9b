// SPDX-License-Identifier: MPL-2.0
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "base/http/transport.h"
#include "base/http/trust_store.h"
#include "base/read_file.h"
#include "base/text.h"
#include "tests/support/child_process.h"
#include "tests/support/free_port.h"
#include "tests/support/loopback_http.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_certificate.h"

namespace base::http {
namespace {

using namespace std::chrono_literals;
using tests::LoopbackServer;
using tests::TestCa;

const TimePoint kToday = RealClock().Now();

Call RealCall() { return Call{.clock = &RealClock(), .deadline = Deadline::In(RealClock(), 20s), .stop = {}, .log = {}}; }

tests::Reply Fine(const Request&) { return tests::Answer(200, "fine"); }

Result<Response> Get(const std::string& url, const std::string& roots) {
  const auto transport = MakeCurlTransport({.extra_roots_pem = roots});
  if (!transport) return transport.error();
  return (*transport)->Send(RealCall(), {.url = url});
}

TEST(Tls, AcceptsAServerOfAnExtraRoot) {
  const TestCa ca;
  const LoopbackServer server(Fine, ca.MakeServer({"localhost"}));

  const auto response = Get(server.Url("/", "localhost"), ca.root_pem());

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "fine");
}

TEST(Tls, RefusesAServerOfAnUnknownRoot) {
  const TestCa ca;
  const LoopbackServer server(Fine, ca.MakeServer({"localhost"}));

  const auto response = Get(server.Url("/", "localhost"), TestCa().root_pem());

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUntrusted);
  EXPECT_EQ(response.error().message, Cat("the certificate of localhost:", server.port(),
                                          " is not trusted: SSL certificate problem: unable to get local issuer certificate"));
  EXPECT_TRUE(server.requests().empty());
}

TEST(Tls, RefusesACertificateForAnotherName) {
  const TestCa ca;
  const LoopbackServer server(Fine, ca.MakeServer({"other.test"}));

  const auto response = Get(server.Url("/", "localhost"), ca.root_pem());

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUntrusted);
  EXPECT_NE(response.error().message.find("no alternative certificate subject name matches"), std::string::npos)
      << response.error().message;
  EXPECT_TRUE(server.requests().empty());
}

// libcurl would take the common name, as before subjectAltName.
TEST(Tls, RefusesACertificateThatNamesTheServerByItsCommonNameAlone) {
  const auto root =
      tests::MakeTestCertificate({.common_name = "Root", .not_before = kToday - 24h, .not_after = kToday + 24h, .is_ca = true});
  const auto named = tests::MakeTestCertificate(
      {.common_name = "localhost", .not_before = kToday - 24h, .not_after = kToday + 24h, .issuer = &root});
  const auto good = tests::MakeTestCertificate({.common_name = "other",
                                                .dns_names = {"localhost"},
                                                .not_before = kToday - 24h,
                                                .not_after = kToday + 24h,
                                                .issuer = &root});
  const auto key_of = [](const tests::TestCertificate& one) { return std::string(one.key.ToPem().Reveal()); };
  const LoopbackServer server(Fine, tests::KeyAndCertificate{key_of(named), named.pem});
  const LoopbackServer other(Fine, tests::KeyAndCertificate{key_of(good), good.pem});

  const auto refused = Get(server.Url("/", "localhost"), root.pem);
  const auto accepted = Get(other.Url("/", "localhost"), root.pem);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUntrusted) << refused.error().message;
  EXPECT_TRUE(server.requests().empty());
  EXPECT_TRUE(accepted) << accepted.error().message;
}

// OpenSSL's own configuration may allow older versions.
TEST(Tls, IsOfVersion12AtLeast) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);

  TrustStore::Load("")->ApplyTo(context);

  EXPECT_EQ(SSL_CTX_get_min_proto_version(context), TLS1_2_VERSION);
  SSL_CTX_free(context);
}

// A suite of its own, which ctest runs in a process of its own: libcurl reads the variable once.
TEST(TlsKeyLog, IsNotWrittenWhateverTheEnvironmentSays) {
  tests::TempDir folder;
  const tests::ScopedVariable variable("SSLKEYLOGFILE", folder / "keys");
  const TestCa ca;
  const LoopbackServer server(Fine, ca.MakeServer({"localhost"}));

  const auto response = Get(server.Url("/", "localhost"), ca.root_pem());

  ASSERT_TRUE(response) << response.error().message;
  const auto logged = ReadSmallFile(folder / "keys");
  EXPECT_TRUE(!logged || logged->Reveal().empty());
}

TEST(Tls, RefusesAnExpiredCertificate) {
  const TestCa ca;
  const auto now = RealClock().Now();
  const LoopbackServer server(Fine, ca.Make({"localhost"}, {now - 48h, now - 24h}));

  const auto response = Get(server.Url("/", "localhost"), ca.root_pem());

  ASSERT_FALSE(response);
  EXPECT_NE(response.error().message.find("expired"), std::string::npos) << response.error().message;
}

TEST(Tls, RefusesASelfSignedServerWithoutItsRoot) {
  const TestCa ca;
  const LoopbackServer server(Fine, ca.MakeServer({"127.0.0.1"}));

  EXPECT_FALSE(Get(server.Url("/"), ""));
  EXPECT_TRUE(Get(server.Url("/"), ca.root_pem()));
}

TEST(Tls, SaysThatAPlainServerDoesNotSpeakTls) {
  const LoopbackServer server(Fine);

  const auto response = Get(Cat("https://localhost:", server.port(), "/"), "");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(response.error().delivery, base::Delivery::kNotSent);
}

TEST(MakeCurlTransport, RefusesRootsThatAreNoCertificates) {
  const auto transport = MakeCurlTransport({.extra_roots_pem = "not a certificate"});

  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, ErrorKind::kInvalid);
}

// openssl's own server, which wants a certificate of its clients and shows what it got.
TEST(Tls, ShowsTheClientsCertificateToAServerThatAsks) {
  const TestCa ca;
  const tests::TempDir directory;
  const auto server = ca.MakeServer({"localhost"});
  const auto client = ca.MakeServer({"web-client.test"});
  directory.Write("roots.pem", ca.root_pem());
  directory.Write("server.pem", server.certificate_pem + server.key_pem);
  const std::string address = Cat("127.0.0.1:", tests::FreePort());
  tests::ChildProcess openssl({"openssl", "s_server", "-accept", address, "-cert", directory / "server.pem", "-CAfile",
                               directory / "roots.pem", "-Verify", "1", "-verify_return_error", "-www"});
  ASSERT_TRUE(openssl.WaitForOutput("ACCEPT")) << openssl.output();
  const auto get = [&](const tests::KeyAndCertificate& shown) {
    const auto transport = MakeCurlTransport({.extra_roots_pem = ca.root_pem(),
                                              .client_certificate_pem = shown.certificate_pem,
                                              .client_key_pem = Secret(shown.key_pem)});
    return (*transport)->Send(RealCall(), {.url = Cat("https://localhost:", address.substr(address.find(':') + 1), "/")});
  };

  const auto known = get(client);
  const auto nameless = get({});
  const auto stranger = get(TestCa().MakeServer({"web-client.test"}));

  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ(known->status, 200);
  EXPECT_NE(known->body.find("DNS:web-client.test"), std::string::npos) << known->body;
  EXPECT_FALSE(nameless);
  EXPECT_FALSE(stranger);
}

}  // namespace
}  // namespace base::http
