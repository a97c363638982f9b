// SPDX-License-Identifier: MPL-2.0
// A certwright_external_ca_acme at the programmable CA, through the calls of a real run. FakeCore checks each time that the plan
// afterwards is empty.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/text.h"
#include "engine/acme/account.h"
#include "resources/external_ca/acme.h"
#include "resources/sealed/journal.h"
#include "resources/sealed/payload.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_acme_server.h"
#include "tests/support/fake_core.h"
#include "tests/support/settings.h"
#include "tests/support/temp_dir.h"

namespace resources::external_ca {

using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::CaPayload;
using sealed::Journal;
using sealed::OpenCa;
using sealed::SealConnection;
using sealed::Sealer;
using tests::FakeCore;
using tests::Outcome;
using Kind = tests::AcmeRequest;
using What = tests::AcmeFault::What;

constexpr std::string_view kMacKey = "\xfb\xff\xfe-mac-key-of-the-ca-32-bytes-long";

class ExternalCaAcmeTest : public testing::Test {
 protected:
  ExternalCaAcmeTest() {
    server_->behaviour.base_url = "https://acme.test";
    parts_.context.acme = std::make_shared<AcmeClients>(
        parts_.random, [this](const auto&) { return base::Result<std::shared_ptr<base::http::Transport>>(server_); });
    parts_.context.journal = std::make_shared<Journal>(folder_.path().string(), base::SystemRandom(), parts_.context.sealer);
  }
  void TearDown() override { EXPECT_EQ(server_->violations(), std::vector<std::string>{}); }

  Value Config(Value::Members more = {}) const {
    const Type dns = core_.Config({}).type().Find("dns")->element();
    const std::string connection =
        *SealConnection(parts_.context.sealer, {.kind = "rfc2136", .id = "a", .settings = tests::ConnectionSettings("rfc2136")});
    more.try_emplace("name", Value::String("ca"));
    more.try_emplace("directory_url", Value::String(server_->directory_url()));
    more.try_emplace("dns", Value::List(dns, {Value::ObjectOf(dns, {{"app_connection", Value::String(connection)}})}));
    return core_.Config(std::move(more));
  }
  Value Eab(std::string_view kid, Value hmac_key) const {
    return Value::ObjectOf(*core_.Config({}).type().Find("eab"),
                           {{"kid", Value::String(std::string(kid))}, {"hmac_key", std::move(hmac_key)}});
  }
  Value GoodEab() const { return Eab("kid-1", Value::String(base::Base64Url(kMacKey))); }
  static Value Number(std::int64_t number) { return Value::Number(number); }

  Value Persistent(Value::Members more = {}) const {
    more.emplace("validation", Value::String("dns-persist-01"));
    more.emplace("dns", Value::List(core_.Config({}).type().Find("dns")->element(), {}));
    return Config(std::move(more));
  }

  Value Verified() const {
    return Config({{"verify_on_refresh", Value::Bool(true)}, {"account_email", Value::String("ops@example.test")}});
  }

  // An account that somebody else made.
  engine::acme::Account ForeignAccount() {
    const auto client = parts_.context.acme->Get(server_->directory_url(), "");
    return *engine::acme::RegisterAccount(parts_.clock.Call(), **client,
                                          {.key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP384)});
  }
  Value KeyOf(const engine::acme::Account& account) const { return Value::String(std::string(account.key.ToPem().Reveal())); }
  base::Result<engine::acme::Account> Find(const base::Secret& key_pem) {
    const auto client = parts_.context.acme->Get(server_->directory_url(), "");
    return engine::acme::FindAccount(parts_.clock.Call(), **client, *base::crypto::ParsePrivateKey(key_pem));
  }

  CaPayload Sealed() const { return *OpenCa(parts_.context.sealer, core_.state().Get("handle").AsString()); }
  std::string AccountUrl() const { return core_.state().Get("account_url").AsString(); }
  void ExpectApplies(const Value& config, const char* text) { EXPECT_EQ(core_.Apply(config).ToText(), text); }
  // The path and words of the only error.
  void ExpectRefused(const Outcome& outcome, const char* path, const char* words) {
    ASSERT_TRUE(outcome.has_failed()) << outcome.ToText();
    EXPECT_EQ(outcome.violations, std::vector<std::string>{});
    EXPECT_EQ(outcome.diagnostics.items().front().path->ToText(), path) << outcome.ToText();
    EXPECT_NE(outcome.ToText().find(words), std::string::npos) << outcome.ToText();
  }

  tests::TempDir folder_;
  tests::TestContext parts_;
  std::shared_ptr<tests::FakeAcmeServer> server_ = std::make_shared<tests::FakeAcmeServer>(parts_.clock);
  std::unique_ptr<Resource> resource_ = MakeExternalCaAcme();
  FakeCore core_{*resource_, parts_.context, parts_.clock};
};

}  // namespace resources::external_ca
