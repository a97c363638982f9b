// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/renewal_window.h"

#include <charconv>

#include "base/crypto/digest.h"
#include "base/text.h"
#include "base/time_format.h"

namespace resources::certificate {
namespace {

using base::TimePoint;
using std::chrono::milliseconds;

constexpr int kMostDays = 3650;

std::optional<int> ParseWhole(std::string_view digits, int most) {
  int number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || number < 1 || number > most) return std::nullopt;
  return number;
}

TimePoint::duration SpanOf(const RenewBefore& renew_before, TimePoint::duration lifetime) {
  if (const auto* span = std::get_if<milliseconds>(&renew_before)) return *span;
  return lifetime / 100 * std::get<int>(renew_before);
}

}  // namespace

std::optional<milliseconds> ParseSpan(std::string_view text) {
  if (text.ends_with('d')) {
    const auto days = ParseWhole(text.substr(0, text.size() - 1), kMostDays);
    return days ? std::optional<milliseconds>(std::chrono::days(*days)) : std::nullopt;
  }
  const auto span = base::ParseDuration(text);
  return span && *span > milliseconds(0) ? span : std::nullopt;
}

std::optional<RenewBefore> ParseRenewBefore(std::string_view text) {
  if (text.ends_with('%')) {
    const auto percent = ParseWhole(text.substr(0, text.size() - 1), 99);
    return percent ? std::optional<RenewBefore>(*percent) : std::nullopt;
  }
  const auto span = ParseSpan(text);
  return span ? std::optional<RenewBefore>(*span) : std::nullopt;
}

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
