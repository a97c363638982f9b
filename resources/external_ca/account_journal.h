// SPDX-License-Identifier: MPL-2.0
// The key of an account that is being made. A run that is killed before Terraform saved the state would leave an account that
// nobody has the key of; with the key the next run finds it again (RFC 8555 section 7.3.1).
#pragma once

#include <string>

#include "base/crypto/key.h"
#include "base/result.h"
#include "engine/acme/account.h"
#include "resources/context.h"
#include "resources/external_ca/model.h"
#include "resources/sealed/journal.h"

namespace resources::external_ca {

class AccountJournal {
 public:
  // Resumes what an earlier run left for an account with this directory and contact. Waits for one that is ending after its
  // Terraform was killed.
  AccountJournal(const base::Call& call, const Context& context, const std::string& directory_url, const std::string& email);

  // Whether the key is an earlier run's.
  bool is_left() const { return is_left_; }
  // The left key, or a new one, on disk when this returns.
  base::Result<base::crypto::PrivateKey> MakeKey();
  // How it ended. An account stays in the journal until ForgetSavedAccount; a key that the CA refused goes.
  void Conclude(const base::Result<engine::acme::Account>& account);

 private:
  void Write(const std::string& account_url);

  sealed::JournalEntry file_;
  base::Secret key_pem_;
  bool is_left_;
};

// `saved`: the state that Terraform saved, if any. Drops the journal's entry of the account. Never fails.
void ForgetSavedAccount(const Context& context, const CaModel& saved);

}  // namespace resources::external_ca
