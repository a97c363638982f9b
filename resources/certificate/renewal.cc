// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/renewal.h"

#include "base/time_format.h"
#include "engine/acme/renewal_info.h"
#include "resources/acme_clients.h"

namespace resources::certificate {
namespace {

using base::TimePoint;
using schema::Reader;
using schema::cty::Type;
using schema::cty::Value;

constexpr std::chrono::hours kAskAgainAfterRefusal{6};   // RFC 9773 section 4.3.3
constexpr std::chrono::hours kAskAgainWithoutOffer{24};  // the CA may begin to offer it

Value TimeOrNull(const std::optional<TimePoint>& when) {
  return when ? Value::String(base::FormatRfc3339(*when)) : Value::Null(Type::String());
}

Renewal ByLifetime(const base::crypto::Certificate& leaf) { return {.due_at = RenewalDueAt(leaf.not_before, leaf.not_after)}; }

// A CA that cannot be reached is asked again in the next run; one that refused, later.
bool HasAnswered(const base::Error& error) {
  return error.kind != base::ErrorKind::kUnavailable && error.kind != base::ErrorKind::kTimeout &&
         error.kind != base::ErrorKind::kCancelled && error.kind != base::ErrorKind::kUntrusted;
}

}  // namespace

Value ToValue(const Type& type, const Renewal& renewal) {
  Value::Members members;
  members.emplace("due_at", TimeOrNull(renewal.due_at));
  members.emplace("window_start", TimeOrNull(renewal.window ? std::optional(renewal.window->start) : std::nullopt));
  members.emplace("window_end", TimeOrNull(renewal.window ? std::optional(renewal.window->end) : std::nullopt));
  if (!renewal.explanation_url.empty()) members.emplace("explanation_url", Value::String(renewal.explanation_url));
  return Value::ObjectOf(type, std::move(members));
}

std::optional<RenewBefore> RenewBeforeOf(const Reader& certificate) {
  return ParseRenewBefore(certificate.Text("renew_before").value_or(""));
}

std::optional<Renewal> RenewalWithoutCa(const Reader& certificate) {
  const auto not_before = base::ParseRfc3339(certificate.Text("not_before").value_or(""));
  const auto not_after = base::ParseRfc3339(certificate.Text("not_after").value_or(""));
  if (!not_before || !not_after) return std::nullopt;
  return Renewal{.due_at = RenewalDueAt(*not_before, *not_after, RenewBeforeOf(certificate))};
}

bool MayAskCa(const Reader& certificate, const CertificateMemory& memory, TimePoint now) {
  return certificate.IsNull("renew_before") && !memory.directory_url.empty() && (!memory.ask_after || now >= *memory.ask_after);
}

std::optional<Renewal> AskCa(const base::Call& call, const Context& context, const base::crypto::Certificate& leaf,
                             CertificateMemory& memory) {
  const auto id = engine::acme::RenewalId(leaf);
  auto client = context.acme->Get(memory.directory_url, memory.trusted_roots_pem);
  if (!id || !client) return std::nullopt;
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
