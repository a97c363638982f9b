// SPDX-License-Identifier: MPL-2.0
// A certificate resource against the fake CA and a webhook that is its DNS, with a journal in a folder of the test. A run can be
// killed at any outgoing request: from that instant on nothing reaches the CA or DNS, and what is written later is taken back.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/acme/account.h"
#include "resources/certificate/certificate.h"
#include "resources/sealed/payload.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_acme_server.h"
#include "tests/support/fake_core.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/handler_transport.h"
#include "tests/support/settings.h"
#include "tests/support/temporary_folder.h"

namespace tests {

// What happens to the request of that number, counted from 1.
struct Accident {
  enum class What { kNone, kKilledBefore, kKilledAfter, kResponseLost, kStopped };
  What what = What::kNone;
  int at = 0;
};

class CertificateLab : public testing::Test {
 protected:
  using Value = schema::cty::Value;

  CertificateLab() {
    context.random = &base::SystemRandom();
    context.http = dns_;
    StartRun({});
    auto client = context.acme->Get(server->directory_url(), "");
    account_ = *engine::acme::RegisterAccount(clock.Call(), **client,
                                              {.key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256)});
  }

  // A new process: what it sends from now on is counted from 1.
  void StartRun(Accident accident) {
    accident_ = accident;
    requests_ = 0;
    is_dead_ = false;
    stop = std::stop_source();
    context.acme = std::make_shared<resources::AcmeClients>(base::SystemRandom(), [this](const auto&) { return ca_; });
    context.journal.reset();
    context.journal = std::make_shared<resources::sealed::Journal>(folder.path().string(), base::SystemRandom(), context.sealer);
  }

  // After a killed run: what it wrote since it was killed was never written.
  void Bury() {
    context.journal.reset();
    if (!is_dead_) return;
    std::filesystem::remove_all(folder.path() / "certwright");
    if (std::filesystem::exists(grave_.path() / "certwright")) {
      std::filesystem::copy(grave_.path() / "certwright", folder.path() / "certwright");
    }
  }

  std::string CaHandle() const {
    return CaHandle(
        {.kind = "webhook", .id = "dns", .settings = ConnectionSettings("webhook", {{"endpoint_url", "https://webhook.test"}})});
  }

  // With another connection than the webhook for the zone.
  std::string CaHandle(engine::connections::Connection connection) const {
    const engine::dns::DnsConnection dns{.connection = std::move(connection), .zone = "example.test"};
    return *SealCa(context.sealer, {.directory_url = server->directory_url(),
                                    .account_url = account_->url,
                                    .trusted_roots_pem = server->ca().root_pem(),
                                    .account_key_pem = account_->key.ToPem(),
                                    .dns = {dns},
                                    .propagation = {.resolvers = {resolver_.text()}, .disable = true}});
  }

  Value Config(const FakeCore& core, std::vector<std::string> names) const {
    Value::Elements elements;
    for (std::string& name : names) elements.push_back(Value::String(std::move(name)));
    return core.Config({{"external_ca", Value::String(CaHandle())},
                        {"dns_names", Value::Set(schema::cty::Type::String(), std::move(elements))}});
  }

  std::vector<std::string> Entries() const {
    std::vector<std::string> names;
    if (!std::filesystem::exists(folder.path() / "certwright")) return names;
    for (const auto& one : std::filesystem::directory_iterator(folder.path() / "certwright")) {
      if (one.path().filename() != "lock") names.push_back(one.path().filename().string());
    }
    return names;
  }

  // How many requests the run has sent.
  int requests() const { return requests_; }

  TestContext parts;
  FakeClock& clock = parts.clock;
  resources::Context& context = parts.context;
  TemporaryFolder folder{MemoryFolder()};  // nothing here is about disks
  std::shared_ptr<FakeAcmeServer> server = std::make_shared<FakeAcmeServer>(clock);
  std::unique_ptr<resources::Resource> resource = resources::certificate::MakeCertificate();
  std::stop_source stop;
  bool dns_is_down = false;  // it removes nothing

 private:
  using Response = base::Result<base::http::Response>;

  static std::filesystem::path MemoryFolder() {
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  }

  void Die() {
    is_dead_ = true;
    std::filesystem::remove_all(grave_.path() / "certwright");
    if (std::filesystem::exists(folder.path() / "certwright")) {
      std::filesystem::copy(folder.path() / "certwright", grave_.path() / "certwright");
    }
  }

  Response Pass(const std::function<Response()>& handle) {
    using What = Accident::What;
    const base::Error lost{base::ErrorKind::kUnavailable, "the connection broke"};
    if (is_dead_) return lost;
    const bool is_now = ++requests_ == accident_.at;
    if (is_now && accident_.what == What::kKilledBefore) Die();
    if (is_dead_) return lost;
    if (is_now && accident_.what == What::kStopped) stop.request_stop();
    Response response = handle();
    if (is_now && accident_.what == What::kKilledAfter) Die();
    return is_now && (is_dead_ || accident_.what == What::kResponseLost) ? Response(lost) : response;
  }

  Response ChangeDns(const base::http::Request& request) {
    const auto body = *base::ParseJsonObject(request.body);
    const std::string fqdn = *base::FindString(body, "fqdn");
    const std::string value = *base::FindString(body, "value");
    if (dns_is_down && request.url.ends_with("/cleanup")) return base::http::Response{.status = 503, .headers = {}, .body = {}};
    server->ClearTxt(fqdn, value);
    if (request.url.ends_with("/present")) server->SetTxt(fqdn, value);
    return base::http::Response{.status = 200, .headers = {}, .body = {}};
  }

  Accident accident_;
  std::atomic<int> requests_ = 0;
  std::atomic<bool> is_dead_ = false;
  TemporaryFolder grave_{MemoryFolder()};
  FakeDnsServer resolver_{[](const DnsAsked&) { return DnsAnswer{.rcode = base::dns::Rcode::kNxDomain}; }};
  std::shared_ptr<base::http::Transport> ca_ =
      std::make_shared<HandlerTransport>([this](const base::Call& call, const base::http::Request& request) {
        return Pass([&] { return server->Send(call, request); });
      });
  std::shared_ptr<base::http::Transport> dns_ = std::make_shared<HandlerTransport>(
      [this](const base::Call&, const base::http::Request& request) { return Pass([&] { return ChangeDns(request); }); });
  std::optional<engine::acme::Account> account_;
};

}  // namespace tests
