// SPDX-License-Identifier: MPL-2.0
// A foreign client judges the fake ACME server: what our client is tested against must be an ACME server to others too.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/crypto/certificate.h"
#include "base/environment.h"
#include "base/text.h"
#include "tests/support/child_process.h"
#include "tests/support/served_acme.h"
#include "tests/support/temporary_folder.h"

namespace engine::acme {
namespace {

// lego's "httpreq" DNS provider posts {"fqdn": …, "value": …} to /present and /cleanup.
std::optional<tests::Reply> ServeDns(tests::FakeAcmeServer& server, const base::http::Request& request) {
  if (request.url != "/present" && request.url != "/cleanup") return std::nullopt;
  const auto body = base::ParseJson(request.body);
  if (!body) return tests::Answer(400, "");
  const std::string fqdn = base::FindString(*body, "fqdn").value_or("");
  const std::string value = base::FindString(*body, "value").value_or("");
  if (request.url == "/present") {
    server.SetTxt(fqdn, value);
  } else {
    server.ClearTxt(fqdn, value);
  }
  return tests::Answer(200, "{}");
}

TEST(Lego, GetsACertificateFromTheFakeServer) {
  if (!tests::IsInstalled("lego")) {
    if (base::Environment("CI")) FAIL() << "the package lego is not installed";
    GTEST_SKIP() << "the package lego is not installed";
  }
  tests::ServedAcme server(ServeDns);
  tests::FakeAcmeServer& acme = server.ca();
  const tests::TemporaryFolder folder;

  tests::ChildProcess lego(
      {"lego", "--server", acme.directory_url(), "--accept-tos", "--email", "ops@example.test", "--path", folder.path().string(),
       "--dns", "httpreq", "--dns.disable-cp", "--domains", "example.test", "--domains", "*.example.test", "run"},
      {base::Cat("HTTPREQ_ENDPOINT=", server.Url()), "HTTPREQ_POLLING_INTERVAL=1"});
  ASSERT_EQ(lego.Join(), 0) << lego.output();

  std::stringstream pem;
  pem << std::ifstream(folder.path() / "certificates" / "example.test.crt").rdbuf();
  const auto chain = base::crypto::ParseChain(pem.str());
  ASSERT_TRUE(chain) << chain.error().message;
  EXPECT_EQ((*chain)[0].dns_names, (std::vector<std::string>{"example.test", "*.example.test"}));
  EXPECT_EQ(acme.violations(), std::vector<std::string>{}) << lego.output();
  EXPECT_TRUE(acme.txt().empty());
}

}  // namespace
}  // namespace engine::acme
