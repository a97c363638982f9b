// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/renewal_window.h"

#include "base/crypto/digest.h"
#include "base/text.h"
#include "base/time_format.h"

namespace resources::certificate {
namespace {

using base::TimePoint;
using std::chrono::milliseconds;

TimePoint::duration SpanOf(const RenewBefore& renew_before, TimePoint::duration lifetime) {
  if (const auto* span = std::get_if<milliseconds>(&renew_before)) return *span;
  return lifetime / 100 * std::get<int>(renew_before);
}

}  // namespace

bool IsTooLong(const RenewBefore& renew_before, TimePoint not_before, TimePoint not_after) {
  return SpanOf(renew_before, not_after - not_before) >= not_after - not_before;
}

TimePoint RenewalDueAt(TimePoint not_before, TimePoint not_after, const std::optional<RenewBefore>& renew_before) {
  const auto lifetime = not_after - not_before;
  if (renew_before && !IsTooLong(*renew_before, not_before, not_after)) return not_after - SpanOf(*renew_before, lifetime);
  const bool is_short = lifetime < std::chrono::days(10);
  return not_after - lifetime / (is_short ? 2 : 3);
}

TimePoint PickInstant(const Window& window, std::string_view fingerprint) {
  const std::string digest =
      base::crypto::Sha256(base::Cat(fingerprint, '/', base::FormatRfc3339(window.start), '/', base::FormatRfc3339(window.end)));
  // 32 bits are finer than a second in any window of under a century.
  std::uint64_t share = 0;
  for (std::size_t i = 0; i < 4; ++i) share = share << 8 | static_cast<unsigned char>(digest[i]);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(window.end - window.start);
  return window.start + std::chrono::seconds(static_cast<std::uint64_t>(seconds.count()) * share >> 32);
}

}  // namespace resources::certificate
