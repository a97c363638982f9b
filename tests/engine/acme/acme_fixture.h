// SPDX-License-Identifier: MPL-2.0
// A client of the fake ACME server, a clock that does not sleep, and a solver that writes into the server's DNS.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/acme/issue.h"
#include "tests/support/fake_acme_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"
#include "tests/support/log_capture.h"

namespace engine::acme {

using Names = std::vector<std::string>;

class FakeSolver final : public Solver {
 public:
  explicit FakeSolver(tests::FakeAcmeServer& server) : server_(server) {}

  base::Result<void> Prepare(const base::Call&, std::span<const ChallengeRecord> records) override {
    prepared.clear();
    for (const auto& record : records) prepared.push_back(record.fqdn);
    ++preparations;
    return prepare_outcome;
  }
  base::Result<void> Place(const base::Call& call, std::span<const ChallengeRecord> records) override {
    if (auto fine = call.Check(); !fine) return fine;
    ++places;
    placed.assign(records.begin(), records.end());
    if (!writes) return {};
    for (const auto& record : records) server_.SetTxt(record.fqdn, record.value);
    return place_outcome;
  }
  base::Result<void> Wait(const base::Call& call, std::span<const ChallengeRecord>) override {
    if (on_wait) on_wait();
    if (auto fine = call.Check(); !fine) return fine;
    return wait_outcome;
  }
  base::Result<void> Remove(const base::Call& call, std::span<const ChallengeRecord> records) override {
    if (auto fine = call.Check(); !fine) return fine;
    for (const auto& record : records) server_.ClearTxt(record.fqdn, record.value);
    return remove_outcome;
  }

  bool writes = true;
  int places = 0;
  int preparations = 0;
  std::vector<ChallengeRecord> placed;
  std::vector<std::string> prepared;
  base::Result<void> prepare_outcome, place_outcome, wait_outcome, remove_outcome;
  std::function<void()> on_wait;

 private:
  tests::FakeAcmeServer& server_;
};

class AcmeTest : public testing::Test {
 protected:
  using Kind = tests::AcmeRequest;
  using What = tests::AcmeFault::What;

  void TearDown() override {
    EXPECT_EQ(server->violations(), std::vector<std::string>{});
    EXPECT_TRUE(server->txt().empty()) << "TXT records are left";
  }

  Client& client() {
    if (!client_) {
      client_ = MakeClient(
          {.directory_url = server->directory_url(), .transport = server, .random = &random, .trusted_roots_pem = trusted_roots});
    }
    return *client_;
  }

  Account Registered(base::crypto::KeyAlgorithm algorithm = base::crypto::KeyAlgorithm::kEcP256) {
    auto account = RegisterAccount(Call(), client(), {.key = *base::crypto::GenerateKey(algorithm)});
    EXPECT_TRUE(account) << account.error().message;
    return *account;
  }

  base::Call Call(std::stop_token stop = {}) {
    base::Call call = clock.Call();
    call.stop = std::move(stop);
    call.log = base::Log(log);
    return call;
  }

  base::Result<Issued> IssueFor(const Names& names, const base::Call& call) {
    return Issue(call, client(), Registered(), {.dns_names = names, .key = key}, solver);
  }
  base::Result<Issued> IssueFor(const Names& names) { return IssueFor(names, Call()); }

  tests::FakeClock clock;
  tests::FakeRandom random;
  std::shared_ptr<tests::FakeAcmeServer> server = std::make_shared<tests::FakeAcmeServer>(clock);
  std::shared_ptr<tests::LogCapture> log = std::make_shared<tests::LogCapture>();
  FakeSolver solver{*server};
  std::string trusted_roots;  // before the client is used first
  base::crypto::PrivateKey key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);

 private:
  std::shared_ptr<Client> client_;
};

}  // namespace engine::acme
