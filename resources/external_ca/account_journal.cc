// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/account_journal.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"

namespace resources::external_ca {
namespace {

using base::ErrorKind;
using base::Secret;
using nlohmann::json;
using sealed::Journal;
using sealed::JournalEntry;

constexpr const char* kKind = "account";

std::string DigestOf(const std::string& directory_url, const std::string& email) {
  return base::Hex(base::crypto::Sha256(json{directory_url, email}.dump())).substr(0, 16);
}

// Empty when the content is of another version.
std::string Member(const Secret& content, const char* name) {
  const auto parsed = json::parse(content.Reveal(), nullptr, false);
  const auto found = parsed.is_object() ? parsed.find(name) : parsed.end();
  return found != parsed.end() && found->is_string() ? found->get<std::string>() : std::string();
}

JournalEntry TakeOrBegin(const base::Call& call, Journal& journal, const std::string& digest) {
  auto left = journal.Take(call, kKind, digest);
  return left ? *std::move(left) : journal.Begin(kKind, digest);
}

}  // namespace

AccountJournal::AccountJournal(const base::Call& call, const Context& context, const std::string& directory_url,
                               const std::string& email)
    : file_(TakeOrBegin(call, *context.journal, DigestOf(directory_url, email))),
      key_pem_(Member(file_.content(), "key_pem")),
      is_left_(!key_pem_.empty()) {}

base::Result<base::crypto::PrivateKey> AccountJournal::MakeKey() {
  if (!key_pem_.empty()) return base::crypto::ParsePrivateKey(key_pem_);
  auto key = base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);
  if (!key) return key;
  key_pem_ = key->ToPem();
  Write("");
  return key;
}

void AccountJournal::Conclude(const base::Result<engine::acme::Account>& account) {
  if (account) return Write(account->url);
  // Whether the CA made the account is not known after these.
  const ErrorKind kind = account.error().kind;
  const bool is_open = kind == ErrorKind::kCancelled || kind == ErrorKind::kTimeout || kind == ErrorKind::kUnavailable;
  if (!is_open) file_.Remove();
}

void AccountJournal::Write(const std::string& account_url) {
  file_.Write(Secret(json{{"key_pem", key_pem_.Reveal()}, {"account_url", account_url}}.dump()));
}

void ForgetSavedAccount(const Context& context, const CaModel& saved) {
  const std::string url = saved.account_url.OrEmpty();
  if (url.empty()) return;
  auto file = context.journal->TryTake(kKind, DigestOf(saved.directory_url.OrEmpty(), saved.account_email.OrEmpty()),
                                       [&](const Secret& content) { return Member(content, "account_url") == url; });
  if (file) file->Remove();
}

}  // namespace resources::external_ca
