// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/issuance_journal.h"

#include <algorithm>
#include <utility>

#include "base/crypto/certificate.h"
#include "base/crypto/key.h"
#include "base/time_format.h"
#include "engine/dns/leftover_records.h"
#include "engine/vendors/catalog.h"
#include "resources/acme_clients.h"

namespace resources::certificate {
namespace {

using base::Call;
using engine::acme::Issued;
using engine::acme::OrderStatus;
using engine::dns::LeftoverRecord;
using sealed::CaPayload;
using sealed::EntryName;
using sealed::JournalEntry;
using sealed::OpenCa;

constexpr const char* kNew = "create";
constexpr const char* kRenewal = "renew";
constexpr std::chrono::seconds kCareLimit{30};

bool IsAmong(const std::vector<LeftoverRecord>& records, const LeftoverRecord& one) {
  return std::find(records.begin(), records.end(), one) != records.end();
}

}  // namespace

std::unique_ptr<IssuanceJournal> IssuanceJournal::Open(const Call& call, const Context& context, const CaPayload& ca,
                                                       IssuanceEntry wanted, const std::string& certificate_id) {
  auto journal = std::make_unique<IssuanceJournal>(context, ca, std::move(wanted));
  IssuanceEntry& entry = journal->entry_;
  const bool is_new = certificate_id.empty();
  const std::string digest = entry.configuration.substr(0, 16);
  auto file = is_new ? context.journal->Take(call, kNew, digest) : context.journal->Take(call, certificate_id);
  auto left = file ? ParseIssuanceEntry(file->content()) : std::nullopt;
  if (left && DecideUse(*left, entry.configuration, call.Now()) != LeftUse::kGiveUp) {
    left->external_ca = entry.external_ca;
    entry = *std::move(left);
    journal->file_ = *std::move(file);
    return journal;
  }
  if (left) journal->GiveUp(call.Within(kCareLimit), *std::move(file), *std::move(left));
  journal->file_ =
      is_new ? context.journal->Begin(kNew, digest) : context.journal->Begin(EntryName{kRenewal, digest, certificate_id});
  return journal;
}

std::optional<Issued> IssuanceJournal::FindIssued() const {
  if (entry_.full_chain_pem.empty()) return std::nullopt;
  auto chain = base::crypto::ParseChain(entry_.full_chain_pem);
  if (!chain) return std::nullopt;
  return Issued{.chain = *std::move(chain), .certificate_url = entry_.certificate_url};
}

void IssuanceJournal::OrderPlaced(const Call&, const std::string& order_url) {
  const std::lock_guard lock(mutex_);
  entry_.order_url = order_url;
  entry_.is_finalized = entry_.was_missing = false;
  Write();
}

void IssuanceJournal::FinalizeBegun(const Call&) {
  const std::lock_guard lock(mutex_);
  entry_.is_finalized = true;
  Write();
}

void IssuanceJournal::OrderMissing(const Call&) {
  const std::lock_guard lock(mutex_);
  entry_.was_missing = true;
  Write();
}

void IssuanceJournal::OrderAbandoned(const Call&) {
  const std::lock_guard lock(mutex_);
  entry_.order_url.clear();
  entry_.is_finalized = entry_.was_missing = false;
}

void IssuanceJournal::AddRecords(const Call&, std::span<const LeftoverRecord> records) {
  const std::lock_guard lock(mutex_);
  const std::size_t before = entry_.records.size();
  for (const LeftoverRecord& one : records) {
    if (!IsAmong(entry_.records, one)) entry_.records.push_back(one);
  }
  if (entry_.records.size() != before) Write();
}

// Not written at once: Conclude follows, and to remove a record that is gone does no harm.
void IssuanceJournal::DropRecords(std::span<const LeftoverRecord> records) {
  const std::lock_guard lock(mutex_);
  for (const LeftoverRecord& one : records) std::erase(entry_.records, one);
}

void IssuanceJournal::Conclude(const base::Result<Issued>& issued) {
  const std::lock_guard lock(mutex_);
  if (issued) {
    entry_.certificate_url = issued->certificate_url;
    entry_.full_chain_pem.clear();
    for (const auto& one : issued->chain) entry_.full_chain_pem += one.pem;
  }
  Save();
}

void IssuanceJournal::CareForLeft(const Call& call) {
  if (!entry_.records.empty()) {
    RemoveRecords(call.Within(kCareLimit), entry_);
    Save();
  }
  if (!call.Check()) return;
  const Call limited = call.Within(kCareLimit);
  context_.journal->ForEachLeft([&](JournalEntry file) { CareFor(limited, std::move(file)); });
}

void IssuanceJournal::Save() {
  const bool is_of_use = !entry_.order_url.empty() || !entry_.full_chain_pem.empty() || !entry_.records.empty();
  is_of_use ? Write() : file_->Remove();
}

// Of the same account: this issuance's own, whose DNS credentials are the present ones.
const CaPayload* IssuanceJournal::FindCa(const IssuanceEntry& left, std::optional<CaPayload>& opened) const {
  if (left.account_url == entry_.account_url) return &ca_;
  auto ca = OpenCa(context_.sealer, left.external_ca);
  if (!ca) return nullptr;
  opened = *std::move(ca);
  return &*opened;
}

void IssuanceJournal::RemoveRecords(const Call& call, IssuanceEntry& left) {
  if (left.records.empty()) return;
  std::optional<CaPayload> opened;
  const CaPayload* ca = FindCa(left, opened);
  if (ca == nullptr) return;
  const auto removed = engine::dns::RemoveLeftoverRecords(
      call, ca->dns, {.providers = context_.deps(), .find_provider = engine::vendors::FindDnsProvider}, left.records);
  if (removed) return;
  call.log.Warn("challenge records of an earlier run are left", {{base::key::kError, removed.error().message}});
  const auto& details = removed.error().details;
  warnings_.insert(warnings_.end(), details.begin(), details.end());
}

std::optional<OrderStatus> IssuanceJournal::AbandonOrder(const Call& call, const IssuanceEntry& left) const {
  std::optional<CaPayload> opened;
  const CaPayload* ca = left.order_url.empty() ? nullptr : FindCa(left, opened);
  if (ca == nullptr) return std::nullopt;
  auto key = base::crypto::ParsePrivateKey(ca->account_key_pem);
  const auto client = context_.acme->Get(ca->directory_url, ca->trusted_roots_pem);
  if (!key || !client) return std::nullopt;
  const auto status =
      engine::acme::AbandonOrder(call, **client, {.url = ca->account_url, .key = *std::move(key)}, left.order_url);
  return status ? std::optional(*status) : std::nullopt;
}

void IssuanceJournal::GiveUp(const Call& call, JournalEntry file, IssuanceEntry left) {
  if (left.full_chain_pem.empty()) (void)AbandonOrder(call, left);
  RemoveRecords(call, left);
  file.Remove();
}

void IssuanceJournal::Supersede(const Call& call, JournalEntry file, IssuanceEntry left) {
  const auto status = AbandonOrder(call, left);
  RemoveRecords(call, left);
  const bool is_issued = status == OrderStatus::kProcessing || status == OrderStatus::kValid;
  if (!is_issued && left.records.empty()) return file.Remove();
  file.Write(ToText(left));
  file.LetGo();
}

void IssuanceJournal::CareFor(const Call& call, JournalEntry file) {
  const bool is_new = file.name().kind == kNew;
  auto left = is_new || file.name().kind == kRenewal ? ParseIssuanceEntry(file.content()) : std::nullopt;
  if (!left) return file.LetGo();
  switch (DecideCare(*left, is_new, entry_, call.Now())) {
    case LeftCare::kNothing:
      return file.LetGo();
    case LeftCare::kRemoveRecords:
      RemoveRecords(call, *left);
      file.Write(ToText(*left));
      return file.LetGo();
    case LeftCare::kGiveUp:
      return GiveUp(call, std::move(file), *std::move(left));
    case LeftCare::kSupersede:
      return Supersede(call, std::move(file), *std::move(left));
  }
}

void ForgetSaved(const Context& context, const CertificateModel& saved) {
  const auto id = saved.certificate_id.Get();
  auto file = id ? context.journal->TryTake(*id) : std::nullopt;
  if (!file) return;
  const auto not_before = base::ParseRfc3339(saved.not_before.OrEmpty());
  const auto left = ParseIssuanceEntry(file->content());
  const bool is_superfluous = left && not_before && IsSuperfluous(*left, {saved.fingerprint_sha256.OrEmpty(), *not_before});
  // Records that could not be removed are left to the next issuance.
  is_superfluous && left->records.empty() ? file->Remove() : file->LetGo();
}

}  // namespace resources::certificate
