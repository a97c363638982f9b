// SPDX-License-Identifier: MPL-2.0
// The journal of one issuance: written as the issuance goes on, taken over from a run that was killed, and dropped once the state
// is known to hold the certificate.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/call.h"
#include "engine/acme/issue.h"
#include "resources/certificate/issuance_entry.h"
#include "resources/certificate/model.h"
#include "resources/context.h"
#include "resources/sealed/journal.h"
#include "resources/sealed/payload.h"

namespace resources::certificate {

class IssuanceJournal final : public engine::acme::Checkpoints, public engine::dns::RecordJournal {
 public:
  // `wanted`: without key, what is to be ordered. `ca`: what its handle holds, borrowed, as is the context. `certificate_id`: of
  // the resource; empty when it is new. Takes over what an earlier run left of the same issuance; what it left of another
  // configuration is given up at the CA and in DNS. Blocks: waits for an earlier run that is ending after its Terraform was
  // killed.
  static std::unique_ptr<IssuanceJournal> Open(const base::Call& call, const Context& context, const sealed::CaPayload& ca,
                                               IssuanceEntry wanted, const std::string& certificate_id);
  // For Open alone.
  IssuanceJournal(const Context& context, const sealed::CaPayload& ca, IssuanceEntry wanted)
      : context_(context), ca_(ca), entry_(std::move(wanted)) {}

  const std::string& certificate_id() const { return file_->name().id; }
  // The certificate's key: that of the run before, until SetKey; empty when there was none.
  const base::Secret& private_key_pem() const { return entry_.private_key_pem; }
  engine::acme::LeftOrder left_order() const {
    return {.url = entry_.order_url, .is_finalized = entry_.is_finalized, .was_missing = entry_.was_missing};
  }
  // The certificate of the run before, as if it had been issued just now; empty when it did not get so far.
  std::optional<engine::acme::Issued> FindIssued() const;

  void SetKey(base::Secret private_key_pem) { entry_.private_key_pem = std::move(private_key_pem); }
  void OrderPlaced(const base::Call& call, const std::string& order_url) override;
  void FinalizeBegun(const base::Call& call) override;
  void OrderMissing(const base::Call& call) override;
  void OrderAbandoned(const base::Call& call) override;
  void AddRecords(const base::Call& call, std::span<const engine::dns::LeftoverRecord> records) override;
  void DropRecords(std::span<const engine::dns::LeftoverRecord> records) override;
  // How it ended. A certificate stays in the journal until ForgetSaved; a failure stays as far as a later run has use for it.
  void Conclude(const base::Result<engine::acme::Issued>& issued);

  // After Conclude: removes the challenge records that are left, of this run and of earlier ones, and gives up what nobody will
  // go on with. Half a minute at most for its own, and for the others.
  void CareForLeft(const base::Call& call);
  // Records that are left nevertheless, a line each.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  const sealed::CaPayload* FindCa(const IssuanceEntry& left, std::optional<sealed::CaPayload>& opened) const;
  void RemoveRecords(const base::Call& call, IssuanceEntry& left);
  // The order's status; empty when there is none or the CA cannot tell.
  std::optional<engine::acme::OrderStatus> AbandonOrder(const base::Call& call, const IssuanceEntry& left) const;
  void GiveUp(const base::Call& call, sealed::JournalEntry file, IssuanceEntry left);
  void Supersede(const base::Call& call, sealed::JournalEntry file, IssuanceEntry left);
  void CareFor(const base::Call& call, sealed::JournalEntry file);
  void Write() { file_->Write(ToText(entry_)); }
  void Save();  // or removes what is of no use

  const Context& context_;       // borrowed
  const sealed::CaPayload& ca_;  // borrowed
  std::mutex mutex_;             // guards entry_: zones are changed at the same time
  IssuanceEntry entry_;
  std::optional<sealed::JournalEntry> file_;  // always there after Open
  std::vector<std::string> warnings_;
};

// `saved`: the state that Terraform saved, if any. Drops the journal's entry if it is about this certificate, since nothing can
// be lost any more. Never fails.
void ForgetSaved(const Context& context, const CertificateModel& saved);

}  // namespace resources::certificate
