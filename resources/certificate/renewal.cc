// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/renewal.h"

#include "base/time_format.h"
#include "engine/acme/renewal_info.h"
#include "resources/acme_clients.h"
#include "resources/sealed/payload.h"

namespace resources::certificate {
namespace {

using base::TimePoint;

constexpr std::chrono::hours kAskAgainAfterRefusal{6};   // RFC 9773 section 4.3.3
constexpr std::chrono::hours kAskAgainWithoutOffer{24};  // the CA may begin to offer it

Renewal ByLifetime(const base::crypto::Certificate& leaf) { return {.due_at = RenewalDueAt(leaf.not_before, leaf.not_after)}; }

// A CA that cannot be reached is asked again in the next run; one that refused, later.
bool HasAnswered(const base::Error& error) {
  return error.kind != base::ErrorKind::kUnavailable && error.kind != base::ErrorKind::kTimeout &&
         error.kind != base::ErrorKind::kCancelled && error.kind != base::ErrorKind::kUntrusted;
}

}  // namespace

RenewalModel ToModel(const Renewal& renewal) {
  RenewalModel model;
  model.due_at = base::FormatRfc3339(renewal.due_at);
  if (renewal.window) {
    model.window_start = base::FormatRfc3339(renewal.window->start);
    model.window_end = base::FormatRfc3339(renewal.window->end);
  }
  if (!renewal.explanation_url.empty()) model.explanation_url = renewal.explanation_url;
  return model;
}

std::optional<RenewBefore> RenewBeforeOf(const CertificateModel& certificate) {
  return ParseRenewBefore(certificate.renew_before.OrEmpty());
}

std::optional<Renewal> RenewalWithoutCa(const CertificateModel& certificate) {
  const auto not_before = base::ParseRfc3339(certificate.not_before.OrEmpty());
  const auto not_after = base::ParseRfc3339(certificate.not_after.OrEmpty());
  if (!not_before || !not_after) return std::nullopt;
  return Renewal{.due_at = RenewalDueAt(*not_before, *not_after, RenewBeforeOf(certificate))};
}

bool MayAskCa(const CertificateModel& certificate, const PrivateState& memory, TimePoint now) {
  return certificate.renew_before.is_null() && certificate.external_ca.is_known() &&
         (!memory.ask_after || now >= *memory.ask_after);
}

std::optional<Renewal> AskCa(const base::Call& call, const Context& context, const CertificateModel& certificate,
                             const base::crypto::Certificate& leaf, PrivateState& memory) {
  const auto id = engine::acme::RenewalId(leaf);
  const auto ca = sealed::OpenCa(context.sealer, certificate.external_ca.OrEmpty().Reveal());
  if (!id || !ca) return std::nullopt;
  auto client = context.acme->Get(ca->directory_url, ca->trusted_roots_pem);
  if (!client) return std::nullopt;
  auto found = engine::acme::FetchRenewalInfo(call, **client, *id);
  if (!found) {
    call.log.Debug("no renewal information",
                   {{base::key::kCa, memory.directory_url}, {base::key::kError, found.error().message}});
    if (HasAnswered(found.error())) memory.ask_after = call.Now() + kAskAgainAfterRefusal;
    return std::nullopt;
  }
  memory.ask_after = *found ? (*found)->check_after : call.Now() + kAskAgainWithoutOffer;
  if (!*found) return ByLifetime(leaf);
  const Window window{(*found)->window_start, (*found)->window_end};
  const TimePoint due_at = PickInstant(window, leaf.fingerprint_sha256);
  if (due_at < leaf.not_after) return Renewal{due_at, window, (*found)->explanation_url};
  call.log.Warn("the CA's renewal window is behind the certificate's end; the renewal goes by the lifetime",
                {{base::key::kCa, memory.directory_url}});
  return ByLifetime(leaf);
}

}  // namespace resources::certificate
