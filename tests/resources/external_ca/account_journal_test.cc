// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/account_journal.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/resources/test_context.h"
#include "tests/support/temporary_folder.h"

namespace resources::external_ca {
namespace {

using base::ErrorKind;
using engine::acme::Account;
using sealed::Journal;

constexpr const char* kDirectory = "https://ca.test/dir";
constexpr const char* kUrl = "https://ca.test/account/1";

class AccountJournalTest : public testing::Test {
 protected:
  AccountJournalTest() { StartRun(); }

  void StartRun() {
    parts_.context.journal.reset();
    parts_.context.journal = std::make_shared<Journal>(folder_.path().string(), base::SystemRandom(), parts_.context.sealer);
  }

  AccountJournal Begin(const std::string& email = "ops@example.test") {
    return {parts_.clock.Call(), parts_.context, kDirectory, email};
  }

  // The public key that a run makes or finds.
  static std::string KeyOf(AccountJournal journal) { return journal.MakeKey()->PublicKeyDer(); }

  static CaModel State(const std::string& url) {
    CaModel state;
    state.directory_url = std::string(kDirectory);
    state.account_email = "ops@example.test";
    state.account_url = url;
    return state;
  }

  tests::TestContext parts_;
  tests::TemporaryFolder folder_;
};

TEST_F(AccountJournalTest, NextRunGoesOnWithTheKey) {
  EXPECT_FALSE(Begin().is_left());
  const std::string key = KeyOf(Begin());
  StartRun();

  AccountJournal next = Begin();

  EXPECT_TRUE(next.is_left());
  EXPECT_EQ(next.MakeKey()->PublicKeyDer(), key);
}

TEST_F(AccountJournalTest, AccountWithAnotherContactGetsAnotherKey) {
  const std::string key = KeyOf(Begin());
  StartRun();

  EXPECT_NE(KeyOf(Begin("other@example.test")), key);
}

TEST_F(AccountJournalTest, TwoAccountsOfOneRunHaveTwoKeys) { EXPECT_NE(KeyOf(Begin()), KeyOf(Begin())); }

TEST_F(AccountJournalTest, KeyStaysUntilTheStateHasTheAccount) {
  AccountJournal journal = Begin();
  const auto key = *journal.MakeKey();
  journal.Conclude(Account{kUrl, key});
  StartRun();
  ForgetSavedAccount(parts_.context, State("https://ca.test/account/2"));
  ASSERT_EQ(KeyOf(Begin()), key.PublicKeyDer());
  StartRun();

  ForgetSavedAccount(parts_.context, State(kUrl));

  EXPECT_NE(KeyOf(Begin()), key.PublicKeyDer());
}

TEST_F(AccountJournalTest, RefusedKeyIsForgottenAndOneOfAnUncertainOutcomeIsNot) {
  for (const auto& [kind, is_kept] : {std::pair{ErrorKind::kDenied, false}, std::pair{ErrorKind::kInvalid, false},
                                      std::pair{ErrorKind::kUnavailable, true}, std::pair{ErrorKind::kCancelled, true}}) {
    StartRun();
    AccountJournal journal = Begin();
    const std::string key = journal.MakeKey()->PublicKeyDer();
    journal.Conclude(base::Error{kind, "it failed"});
    StartRun();

    EXPECT_EQ(KeyOf(Begin()) == key, is_kept) << static_cast<int>(kind);

    StartRun();
    AccountJournal last = Begin();
    (void)last.MakeKey();
    last.Conclude(base::Error{ErrorKind::kDenied, "so that nothing is left"});
  }
}

}  // namespace
}  // namespace resources::external_ca
