// SPDX-License-Identifier: MPL-2.0
// The `renewal` of a certificate: when it is renewed, by the CA's window (RFC 9773) or renew_before, whichever is earlier, or by
// the lifetime.
#pragma once

#include <optional>
#include <string>

#include "base/call.h"
#include "base/crypto/certificate.h"
#include "resources/certificate/model.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/renewal_window.h"
#include "resources/context.h"
#include "schema/diagnostics.h"

namespace resources::certificate {

struct Renewal {
  base::TimePoint due_at{};
  std::optional<Window> window{};
  std::string explanation_url{};
};

RenewalModel ToModel(const Renewal& renewal);

// `renew_before`, parsed; empty if it is null, unknown or malformed.
std::optional<RenewBefore> RenewBeforeOf(const CertificateModel& certificate);

// Without asking the CA: by the window that `renewal` has of it and renew_before, whichever is earlier, or by the lifetime. Empty
// if not_before or not_after is not known.
std::optional<Renewal> RenewalByRule(const CertificateModel& certificate, const RenewalModel& known);

// True if renew_before, not the CA's window, says when the certificate is due.
bool IsDueByRenewBefore(const CertificateModel& certificate);

// Of a renew_before that is longer than the certificate lives.
void WarnOfLongRenewBefore(const CertificateModel& certificate, schema::Diagnostics& diagnostics);
// The same, and of a certificate that is due less than a day before its end, where daily runs come too late.
void WarnOfRenewal(const CertificateModel& certificate, schema::Diagnostics& diagnostics);

// The CA's renewal information, requested once; sets memory.ask_after. Empty if it cannot be had: keep what was known before.
// Opens the handle of the CA. Never fails: the reason goes to the log.
std::optional<Renewal> AskCa(const base::Call& call, const Context& context, const CertificateModel& certificate,
                             const base::crypto::Certificate& leaf, PrivateState& memory);

// True if the CA may be asked: it is known (not right after an import), and its Retry-After has passed.
bool MayAskCa(const CertificateModel& certificate, const PrivateState& memory, base::TimePoint now);

}  // namespace resources::certificate
