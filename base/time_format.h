// SPDX-License-Identifier: MPL-2.0
// Times as text: RFC 3339 (UTC, whole seconds) and HTTP dates (RFC 9110 section 5.6.7). Independent of locale and time zone.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

std::string FormatRfc3339(TimePoint when);   // 2026-01-02T03:04:05Z
std::string FormatHttpDate(TimePoint when);  // Fri, 02 Jan 2026 03:04:05 GMT
// Empty when the text is not such a time. Fractions are read and dropped; offsets are applied.
std::optional<TimePoint> ParseRfc3339(std::string_view text);
// All three forms of RFC 9110: IMF-fixdate, RFC 850, asctime.
std::optional<TimePoint> ParseHttpDate(std::string_view text);
// "90s", "2m", "1h30m", "36h", "500ms": Go's duration syntax, as Terraform users know it. Empty when it is not one.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);
std::string FormatDuration(std::chrono::milliseconds span);  // "1m30s", "250ms", "0s"

}  // namespace base
