// SPDX-License-Identifier: MPL-2.0
// The `renewal` of a certificate: when it is renewed, by the CA's window (RFC 9773), by renew_before, or by the lifetime.
#pragma once

#include <optional>
#include <string>

#include "base/call.h"
#include "base/crypto/certificate.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/renewal_window.h"
#include "resources/context.h"
#include "schema/cty/value.h"
#include "schema/reader.h"

namespace resources::certificate {

struct Renewal {
  base::TimePoint due_at{};
  std::optional<Window> window{};
  std::string explanation_url{};
};

// `type`: of the attribute `renewal`.
schema::cty::Value ToValue(const schema::cty::Type& type, const Renewal& renewal);

// What `renew_before` says; empty when it is null, unknown or malformed.
std::optional<RenewBefore> RenewBeforeOf(const schema::Reader& certificate);

// By renew_before or the lifetime. `certificate`: with not_before and not_after; empty when they are not known.
std::optional<Renewal> RenewalWithoutCa(const schema::Reader& certificate);

// What the CA says, asked once, for five seconds at most or as long as timeouts.read says; sets memory.ask_after. Empty: nothing
// was learnt, and what was known before stays. Never fails: the reason goes to the log.
std::optional<Renewal> AskCa(const base::Call& call, const Context& context, const base::crypto::Certificate& leaf,
                             CertificateMemory& memory);

// True when the CA may be asked: it is known, its Retry-After has passed, and no renew_before makes its answer useless.
bool MayAskCa(const schema::Reader& certificate, const CertificateMemory& memory, base::TimePoint now);

}  // namespace resources::certificate
