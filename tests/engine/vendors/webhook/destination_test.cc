// SPDX-License-Identifier: MPL-2.0
// The webhook destination against a strict receiver. That of examples/certificate-store is in tests/e2e/test_user_stores.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/webhook/fake_receiver.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"

namespace tests::webhook_destination {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionField;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using testing::HasSubstr;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

Connection Connect(const std::string& secret = FakeReceiver::kSecret, const std::string& url = FakeReceiver::kUrl) {
  Connection connection{.kind = "webhook", .id = "c", .settings = ConnectionSettings("webhook", {{"endpoint_url", url}})};
  if (!secret.empty()) Put(connection.settings, "signing_secret", base::Secret(secret));
  return connection;
}

std::unique_ptr<Destination> Make(FakeReceiver& receiver, const SettingEntries& settings = {},
                                  const Connection& connection = Connect()) {
  return MakeTestDestination(
      "webhook", {.settings = DestinationSettings("webhook", settings), .connection = &connection, .deps = {.http = &receiver}});
}

class ReceiverHarness final : public ApiDestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(receiver_);
    return *destination_;
  }
  std::string Snapshot() override { return receiver_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    Change(deployed.name, "fingerprint_sha256", MakeTestBundle(kId).chain.front().fingerprint_sha256);
  }
  void TakeAway(const Deployed& deployed) override { receiver_.Erase(deployed.name); }
  void DamageBesideLeaf(const Deployed& deployed) override { Change(deployed.name, "private_key_pem", "damaged"); }
  void PlaceForeign(const std::string& name) override {
    foreign_ = name;
    receiver_.Place(name, kForeign);
  }
  bool ForeignIsIntact() override { return receiver_.Get(foreign_) == kForeign; }
  void BreakNextPut(const std::string&) override { receiver_.set_broken(true); }
  void Mend() override { receiver_.set_broken(false); }
  FakeApi& api() override { return receiver_; }

 private:
  void Change(const std::string& name, const std::string& member, const std::string& value) {
    FakeReceiver::Item item = receiver_.Get(name);
    ++item.version;
    item.content[member] = value;
    receiver_.Place(name, item);
  }

  const FakeReceiver::Item kForeign{.version = 3, .content = {{"fingerprint_sha256", std::string(64, 'f')}}};
  FakeReceiver receiver_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
};

INSTANTIATE_TEST_SUITE_P(Webhook, DestinationContract, testing::Values(MakeHarness<ReceiverHarness>));
INSTANTIATE_TEST_SUITE_P(Webhook, ApiDestinationContract, testing::Values(MakeHarness<ReceiverHarness>));

class WebhookDestination : public DestinationTest {
 protected:
  base::Error FailToObserve(const Connection& connection = Connect()) {
    const auto seen = Make(receiver_, {}, connection)->Observe(Call(), {.name = "web", .external_id = "shelf/web"});
    EXPECT_FALSE(seen);
    return seen ? base::Error{} : seen.error();
  }

  FakeReceiver receiver_;
  const Bundle bundle_ = MakeTestBundle(kId);
};

TEST_F(WebhookDestination, PostsToOnePathWithTheSettings) {
  Put(*Make(receiver_, {{"settings", base::SettingMap{{"host", "lb1"}}}}), "web", bundle_);

  EXPECT_EQ(receiver_.requests().size(), 2U);
  EXPECT_EQ(receiver_.CountRequests("POST"), 2U);
  EXPECT_EQ(receiver_.Get("web").content.at("settings"), (base::Json{{"host", "lb1"}}));
  EXPECT_EQ(receiver_.Get("web").content.at("private_key_pem"), bundle_.private_key_pem.Reveal());
}

TEST_F(WebhookDestination, NeedsASigningSecret) {
  const Connection connection = Connect("");

  const auto made =
      MakeDestination(*engine::vendors::FindDestination("webhook"),
                      {.settings = DestinationSettings("webhook"), .connection = &connection, .deps = {.http = &receiver_}});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().blame, ConnectionField("signing_secret"));
}

TEST_F(WebhookDestination, AWrongSecretBlamesTheSecret) {
  const auto error = FailToObserve(Connect("another-secret-0123456789abcdef0123"));

  EXPECT_EQ(error.kind, ErrorKind::kDenied);
  EXPECT_EQ(error.message, "the webhook answered 401: the signature is wrong (bad_signature)");
  EXPECT_EQ(error.blame, ConnectionField("signing_secret"));
}

// A repeated request is signed anew: receivers refuse old signatures.
TEST_F(WebhookDestination, EachAttemptHasASignatureOfItsOwn) {
  receiver_.FailNext({JsonAnswer(503, base::Json::object(), {{"Retry-After", "400"}})});

  Put(*Make(receiver_), "web", bundle_);

  const auto signature = [](const base::http::Request& request) {
    for (const auto& header : request.headers) {
      if (header.name == "Certwright-Signature") return header.value;
    }
    return std::string();
  };
  const auto requests = receiver_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].body, requests[1].body);
  EXPECT_NE(signature(requests[0]), signature(requests[1]));
}

TEST_F(WebhookDestination, APutWhoseAnswerWasLostIsNotMadeTwice) {
  const auto destination = Make(receiver_);
  const Deployed first = Put(*destination, "web", bundle_);
  const Bundle renewed = MakeTestBundle(kId);
  receiver_.FailNext({});

  const auto seen = destination->Observe(Call(), first);
  ASSERT_TRUE(seen);
  receiver_.LoseNextAnswer();  // of the look, which is repeated
  const Deployed second = Put(*destination, "web", renewed, first);

  EXPECT_EQ(second.version, "2");
}

TEST_F(WebhookDestination, A404OfAWrongUrlIsNoAbsence) {
  const auto error = FailToObserve(Connect(FakeReceiver::kSecret, "https://receiver.test/elsewhere"));
  const auto removed = Make(receiver_, {{"observe", false}}, Connect(FakeReceiver::kSecret, "https://receiver.test/elsewhere"))
                           ->Remove(Call(), {.name = "web", .external_id = "shelf/web"});

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_THAT(error.message, HasSubstr("the webhook answered 404; is the URL right?"));
  EXPECT_EQ(error.blame, ConnectionField("endpoint_url"));
  EXPECT_FALSE(removed);
}

TEST_F(WebhookDestination, ARedirectIsNotFollowed) {
  receiver_.FailNext({{.status = 307, .headers = {{"Location", "https://elsewhere.test/certificate"}}}});

  const auto error = FailToObserve();

  EXPECT_EQ(error.kind, ErrorKind::kProtocol);
  EXPECT_EQ(error.message, "the webhook answered 307");
  EXPECT_EQ(receiver_.requests().size(), 1U);
}

TEST_F(WebhookDestination, AConflictIsWhatTheReceiverSays) {
  receiver_.FailNext({JsonAnswer(409, {{"error", "conflict"}, {"message", "it is locked\nby ops"}})});

  const auto error = FailToObserve();

  EXPECT_EQ(error.kind, ErrorKind::kConflict);
  EXPECT_EQ(error.message, "the webhook answered 409: it is locked by ops (conflict)");
}

TEST_F(WebhookDestination, ALongAnswerIsRefused) {
  receiver_.FailNext({{.status = 200, .body = "{}" + std::string(70000, ' ')}});

  EXPECT_EQ(FailToObserve().message, "the answer is longer than 64 kB");
}

TEST_F(WebhookDestination, AReceiverThatDoesNotAnswerIsNotWaitedForForever) {
  const auto error = FailToObserve(Connect(FakeReceiver::kSecret, FakeApi::kSilentUrl));

  EXPECT_EQ(error.kind, ErrorKind::kTimeout);
  EXPECT_EQ(error.message, "it took longer than 1m, the `timeout` of the destination");
}

}  // namespace
}  // namespace tests::webhook_destination
