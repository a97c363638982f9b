// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/renewal.h"

#include <algorithm>

#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/renewal_info.h"
#include "resources/acme_clients.h"
#include "resources/sealed/payload.h"

namespace resources::certificate {
namespace {

using base::TimePoint;

constexpr std::chrono::hours kAskAgainAfterRefusal{6};   // RFC 9773 section 4.3.3
constexpr std::chrono::hours kAskAgainWithoutOffer{24};  // the CA may begin to offer it

struct Lifetime {
  TimePoint not_before;
  TimePoint not_after;
};

// Of an existing certificate.
std::optional<Lifetime> LifetimeOf(const CertificateModel& certificate) {
  const auto not_before = base::ParseRfc3339(certificate.not_before.OrEmpty());
  const auto not_after = base::ParseRfc3339(certificate.not_after.OrEmpty());
  if (!not_before || !not_after) return std::nullopt;
  return Lifetime{*not_before, *not_after};
}

// `window`: the CA's, if it has one that ends before the certificate does.
Renewal Combine(const Lifetime& life, const std::optional<RenewBefore>& renew_before, const std::optional<Renewal>& window) {
  const Renewal own{.due_at = RenewalDueAt(life.not_before, life.not_after, renew_before)};
  if (!window) return own;
  const bool is_usable = renew_before && !IsTooLong(*renew_before, life.not_before, life.not_after);
  Renewal earlier = *window;
  if (is_usable) earlier.due_at = std::min(earlier.due_at, own.due_at);
  return earlier;
}

std::optional<Renewal> WindowIn(const RenewalModel& known, std::string_view fingerprint, TimePoint not_after) {
  const auto start = base::ParseRfc3339(known.window_start.OrEmpty());
  const auto end = base::ParseRfc3339(known.window_end.OrEmpty());
  if (!start || !end || *end <= *start) return std::nullopt;
  const TimePoint due_at = PickInstant({*start, *end}, fingerprint);
  if (due_at >= not_after) return std::nullopt;
  return Renewal{due_at, Window{*start, *end}, known.explanation_url.OrEmpty()};
}

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

std::optional<Renewal> RenewalByRule(const CertificateModel& certificate, const RenewalModel& known) {
  const auto life = LifetimeOf(certificate);
  if (!life) return std::nullopt;
  return Combine(*life, RenewBeforeOf(certificate), WindowIn(known, certificate.fingerprint_sha256.OrEmpty(), life->not_after));
}

bool IsDueByRenewBefore(const CertificateModel& certificate) {
  const auto life = LifetimeOf(certificate);
  const auto renew_before = RenewBeforeOf(certificate);
  if (!life || !renew_before) return false;
  const TimePoint due_at = RenewalDueAt(life->not_before, life->not_after, renew_before);
  return base::FormatRfc3339(due_at) == certificate.renewal.OrEmpty().due_at.OrEmpty();
}

void WarnOfLongRenewBefore(const CertificateModel& certificate, schema::Diagnostics& diagnostics) {
  const auto life = LifetimeOf(certificate);
  const auto renew_before = RenewBeforeOf(certificate);
  if (!life || !renew_before || !IsTooLong(*renew_before, life->not_before, life->not_after)) return;
  diagnostics.Warning("`renew_before` is as long as the certificate lives",
                      "Every run would renew it. It is renewed by its lifetime instead. Set a percentage, such as `33%`.",
                      At(&CertificateModel::renew_before));
}

void WarnOfRenewal(const CertificateModel& certificate, schema::Diagnostics& diagnostics) {
  WarnOfLongRenewBefore(certificate, diagnostics);
  const auto life = LifetimeOf(certificate);
  const auto due_at = base::ParseRfc3339(certificate.renewal.OrEmpty().due_at.OrEmpty());
  if (!life || !due_at || life->not_after - *due_at >= std::chrono::hours(24)) return;
  diagnostics.Warning(
      "A daily run comes too late for this certificate",
      base::Cat("It is due at ", base::FormatRfc3339(*due_at), " and expires at ", base::FormatRfc3339(life->not_after),
                ". Run Terraform several times between these two, or set an earlier `renew_before`."),
      At(&CertificateModel::renew_before));
}

bool MayAskCa(const CertificateModel& certificate, const PrivateState& memory, TimePoint now) {
  return certificate.external_ca.is_known() && (!memory.ask_after || now >= *memory.ask_after);
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
  const Lifetime life{leaf.not_before, leaf.not_after};
  const auto renew_before = RenewBeforeOf(certificate);
  if (!*found) return Combine(life, renew_before, std::nullopt);
  const Window window{(*found)->window_start, (*found)->window_end};
  const TimePoint due_at = PickInstant(window, leaf.fingerprint_sha256);
  if (due_at < leaf.not_after) return Combine(life, renew_before, Renewal{due_at, window, (*found)->explanation_url});
  call.log.Warn("the CA's renewal window is behind the certificate's end; the renewal goes by the lifetime",
                {{base::key::kCa, memory.directory_url}});
  return Combine(life, renew_before, std::nullopt);
}

}  // namespace resources::certificate
