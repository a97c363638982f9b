// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/directory.h"

#include <atomic>
#include <latch>
#include <thread>

#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

constexpr std::string_view kLetsEncrypt = R"({
  "newNonce": "https://ca.test/nonce", "newAccount": "https://ca.test/acct", "newOrder": "https://ca.test/order",
  "revokeCert": "https://ca.test/revoke", "keyChange": "https://ca.test/key", "renewalInfo": "https://ca.test/ari",
  "5KdTnDZ1z_8": "https://community.letsencrypt.org/t/adding-random-entries-to-the-directory/33417",
  "meta": {"caaIdentities": ["letsencrypt.org"], "termsOfService": "https://ca.test/tos", "website": "https://letsencrypt.org",
           "profiles": {"classic": "x", "shortlived": "y"}, "externalAccountRequired": true}})";

TEST(ParseDirectory, ReadsEveryMember) {
  const auto directory = ParseDirectory(kLetsEncrypt);

  ASSERT_TRUE(directory);
  EXPECT_EQ(directory->new_nonce, "https://ca.test/nonce");
  EXPECT_EQ(directory->new_account, "https://ca.test/acct");
  EXPECT_EQ(directory->new_order, "https://ca.test/order");
  EXPECT_EQ(directory->revoke_cert, "https://ca.test/revoke");
  EXPECT_EQ(directory->key_change, "https://ca.test/key");
  EXPECT_EQ(directory->renewal_info, "https://ca.test/ari");
  EXPECT_EQ(directory->terms_of_service, "https://ca.test/tos");
  EXPECT_EQ(directory->caa_identities, Names{"letsencrypt.org"});
  EXPECT_EQ(directory->profiles, (Names{"classic", "shortlived"}));
  EXPECT_TRUE(directory->external_account_required);
}

TEST(ParseDirectory, NeedsOnlyNonceAccountAndOrder) {
  const auto directory =
      ParseDirectory(R"({"newNonce":"https://a.test/n","newAccount":"https://a.test/a","newOrder":"https://a.test/o"})");

  ASSERT_TRUE(directory);
  EXPECT_TRUE(directory->key_change.empty());
  EXPECT_FALSE(directory->external_account_required);
}

TEST(ParseDirectory, RefusesWhatIsNoDirectory) {
  for (const char* text : {"", "<html>", "[]", "{}", R"({"newNonce":1,"newAccount":"a","newOrder":"o"})"}) {
    const auto directory = ParseDirectory(text);
    ASSERT_FALSE(directory) << text;
    EXPECT_EQ(directory.error().kind, base::ErrorKind::kProtocol);
  }
}

// Found by fuzzing: the requests that came later failed, each in its own words.
TEST(ParseDirectory, RefusesWhatIsNoUrl) {
  for (const char* text : {R"({"newNonce":"","newAccount":"https://a.test/a","newOrder":"https://a.test/o"})",
                           R"({"newNonce":"https://a.test/n","newAccount":"/a","newOrder":"https://a.test/o"})",
                           R"({"newNonce":"https://a.test/n","newAccount":"https://a.test/a","newOrder":"https://a.test/o",
                               "renewalInfo":"https://a.b:c/i"})"}) {
    const auto directory = ParseDirectory(text);
    ASSERT_FALSE(directory) << text;
    EXPECT_EQ(directory.error().kind, base::ErrorKind::kProtocol);
    EXPECT_NE(directory.error().message.find(" is no URL: "), std::string::npos) << directory.error().message;
  }
}

using FetchDirectoryTest = AcmeTest;

TEST_F(FetchDirectoryTest, AsksOnceForManyThreads) {
  std::latch together(8);
  std::atomic<int> fine = 0;
  Client& shared = client();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        together.arrive_and_wait();
        if (FetchDirectory(Call(), shared)) ++fine;
      });
    }
  }

  EXPECT_EQ(fine, 8);
  EXPECT_EQ(server->count(Kind::kDirectory), 1);
}

TEST_F(FetchDirectoryTest, DoesNotKeepAFailure) {
  server->Inject({.at = Kind::kDirectory, .reply = {404, {}, "gone"}});

  EXPECT_FALSE(FetchDirectory(Call(), client()));
  EXPECT_TRUE(FetchDirectory(Call(), client()));
}

}  // namespace
}  // namespace engine::acme
