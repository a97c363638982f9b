// SPDX-License-Identifier: MPL-2.0
// The contract with programs and servers of users: what is pinned here is what they were written for.
#include "engine/sync/user_store_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "tests/support/test_bundle.h"

namespace engine::sync {
namespace {

using base::ErrorKind;
using testing::HasSubstr;

const UserStoreScope kScope{.sync_id = "5c0e", .settings = {{"node", "pve1"}}};
const std::string kDigest(64, 'a');

TEST(UserStoreRequests, AreThePinnedObjects) {
  const UserStoreObject known{
      .name = "web", .external_id = "pve1/web", .version = "7", .certificate_id = "c1", .fingerprint_sha256 = "f1"};

  EXPECT_EQ(ObserveRequest(kScope, {.name = "web"}).body.Reveal(),
            R"({"name":"web","operation":"observe","protocol":1,"settings":{"node":"pve1"},"sync_id":"5c0e"})");
  EXPECT_EQ(ObserveRequest({.sync_id = "5c0e"}, known).body.Reveal(),
            R"({"external_id":"pve1/web","name":"web","operation":"observe","protocol":1,"settings":{},"sync_id":"5c0e"})");
  EXPECT_EQ(RemoveRequest(kScope, known).body.Reveal(),
            R"({"certificate_id":"c1","external_id":"pve1/web","fingerprint_sha256":"f1","name":"web","operation":"remove",)"
            R"("protocol":1,"settings":{"node":"pve1"},"sync_id":"5c0e","version":"7"})");
}

TEST(UserStoreRequests, APutHasTheCertificateAndItsKey) {
  const Bundle bundle = tests::MakeTestBundle("c1");

  const UserStoreRequest put = PutRequest(kScope, {.name = "web", .external_id = "pve1/web", .version = "7"}, bundle);

  const base::Json wanted = {{"protocol", 1},
                             {"operation", "put"},
                             {"sync_id", "5c0e"},
                             {"settings", {{"node", "pve1"}}},
                             {"name", "web"},
                             {"external_id", "pve1/web"},
                             {"version", "7"},
                             {"certificate_id", "c1"},
                             {"certificate_pem", bundle.chain[0].pem},
                             {"chain_pem", bundle.chain[1].pem},
                             {"private_key_pem", std::string(bundle.private_key_pem.Reveal())},
                             {"fingerprint_sha256", bundle.chain[0].fingerprint_sha256},
                             {"dns_names", {"a.test"}},
                             {"not_after", "2026-03-29T09:20:00Z"}};
  EXPECT_EQ(put.body.Reveal(), base::DumpJson(wanted));
  EXPECT_EQ(put.subject, "web");
  EXPECT_EQ(put.private_key, bundle.private_key_pem);
}

TEST(UserStoreRequests, NoOtherOperationHasAKey) {
  for (const UserStoreRequest& one : {ObserveRequest(kScope, {.name = "web"}), RemoveRequest(kScope, {.name = "web"})}) {
    EXPECT_EQ(one.body.Reveal().find("key"), std::string::npos) << one.body.Reveal();
    EXPECT_TRUE(one.private_key.empty());
  }
}

TEST(UserStoreRequests, CallAnImportedObjectByItsId) {
  EXPECT_EQ(ObserveRequest(kScope, {.external_id = "pve1/web"}).subject, "pve1/web");
}

TEST(ParseUserStoreAnswer, ReadsAllMembers) {
  const auto answer = ParseUserStoreAnswer(
      base::Cat(R"({"external_id":"pve1/web","version":"8","fingerprint_sha256":")", kDigest,
                R"(","sync_id":"5c0e","certificate_id":"c1","parts":{"private key":"k","profile":"tls-1"}})", "\n"));

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->external_id, "pve1/web");
  EXPECT_EQ(answer->version, "8");
  EXPECT_EQ(answer->fingerprint_sha256, kDigest);
  EXPECT_EQ(answer->marks, (Tags{{"certwright:sync-id", "5c0e"}, {"certwright:certificate-id", "c1"}}));
  EXPECT_EQ(answer->parts, (Parts{{"private key", PartDigest("k")}, {"profile", PartDigest("tls-1")}}));
}

TEST(ParseUserStoreAnswer, NeedsNothingButTheExternalId) {
  const auto answer = ParseUserStoreAnswer(R"({"external_id":"x","version":null})");

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->fingerprint_sha256, "");
  EXPECT_EQ(answer->version, "");
  EXPECT_TRUE(answer->marks.empty());
  EXPECT_TRUE(answer->parts.empty());
}

// As `openssl x509 -fingerprint` and many appliances print it.
TEST(ParseUserStoreAnswer, ReadsAFingerprintWithColonsInAnyCase) {
  std::string with_colons = "AA";
  for (int i = 1; i < 32; ++i) with_colons += ":AA";

  const auto answer = ParseUserStoreAnswer(base::Cat(R"({"external_id":"x","fingerprint_sha256":")", with_colons, R"("})"));

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->fingerprint_sha256, kDigest);
}

TEST(ParseUserStoreAnswer, RefusesWhatTheProtocolDoesNotHave) {
  const std::string long_id(kMaxExternalId + 1, 'x');
  const std::string long_name(61, 'x');
  const std::pair<std::string, std::string> bad[] = {
      {"", "is not one JSON object"},
      {"done", "is not one JSON object"},
      {"[]", "is not one JSON object"},
      {R"({"external_id":"x"}{"external_id":"x"})", "is not one JSON object"},
      {R"({"external_id":"x","parts":{"a":[[]]}})", "nested"},
      {"{}", "no `external_id`"},
      {R"({"external_id":""})", "no `external_id`"},
      {R"({"external_id":7})", "`external_id` of the answer is not a string"},
      {base::Cat(R"({"external_id":")", long_id, R"("})"), "longer than 512 bytes"},
      {R"({"external_id":"a\nb"})", "not printable"},
      {R"({"external_id":"a\u202eb"})", "not printable"},
      {R"({"external_id":"x","colour":"red"})", "unknown member: `colour`"},
      {R"({"external_id":"x","certificate_pem":"…"})", "unknown member: `certificate_pem`"},
      {R"({"external_id":"x","version":3})", "`version` of the answer is not a string"},
      {R"({"external_id":"x","fingerprint_sha256":"abc"})", "not a SHA-256 digest"},
      {R"({"external_id":"x","sync_id":true})", "`sync_id` of the answer is not a string"},
      {R"({"external_id":"x","parts":[]})", "`parts` of the answer"},
      {R"({"external_id":"x","parts":{"a":1}})", "`parts` of the answer"},
      {R"({"external_id":"x","parts":{"":"1"}})", "`parts` of the answer"},
      {base::Cat(R"({"external_id":"x","parts":{")", long_name, R"(":"1"}})"), "`parts` of the answer"},
      {base::Cat(R"({"external_id":"x","version":")", std::string(kMaxUserStoreAnswer, 'x'), R"("})"), "longer than 64 kB"},
  };
  for (const auto& [text, message] : bad) {
    const auto answer = ParseUserStoreAnswer(text);
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().kind, ErrorKind::kProtocol) << text;
    EXPECT_THAT(answer.error().message, HasSubstr(message)) << text;
  }
}

TEST(ParseUserStoreAnswer, KeepsNothingOfWhatAPartSays) {
  const auto answer = ParseUserStoreAnswer(R"({"external_id":"x","parts":{"private key":"part-canary"}})");

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->parts.at("private key").find("canary"), std::string::npos);
}

TEST(ParseUserStoreRemoval, TakesTheEmptyObject) {
  EXPECT_TRUE(ParseUserStoreRemoval("{}\n"));
  for (const char* text : {"", "null", "[]", R"({"external_id":"x"})"}) {
    const auto removed = ParseUserStoreRemoval(text);
    ASSERT_FALSE(removed) << text;
    EXPECT_EQ(removed.error().kind, ErrorKind::kProtocol);
  }
}

}  // namespace
}  // namespace engine::sync
