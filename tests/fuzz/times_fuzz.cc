// SPDX-License-Identifier: MPL-2.0
// Retry-After, RFC 3339, HTTP dates and durations: what is read is written and read again as the same, and Retry-After stays
// within ten years.
#include <chrono>
#include <string>

#include "base/http/client.h"
#include "base/time_format.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;
using std::chrono::hours;

const base::TimePoint kNow{std::chrono::seconds(1'800'000'000)};

void CheckRetryAfter(std::string_view text) {
  const auto when = base::http::RetryAfter({.status = 503, .headers = {{"Retry-After", std::string(text)}}, .body = {}}, kNow);
  const bool has_letters = text.find_first_not_of("0123456789 \t\r\n") != std::string_view::npos;
  if (!when || has_letters) return;
  Require(*when >= kNow && *when <= kNow + hours(10 * 366 * 24), "a number of seconds is from now on, and not for ever");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Text(data, size);
  CheckRetryAfter(text);
  if (const auto when = base::ParseHttpDate(text)) {
    Require(base::ParseHttpDate(base::FormatHttpDate(*when)) == when, "an HTTP date is written and read again");
  }
  if (const auto when = base::ParseRfc3339(text)) {
    Require(base::ParseRfc3339(base::FormatRfc3339(*when)) == when, "a time is written and read again");
  }
  if (const auto span = base::ParseDuration(text)) {
    Require(span->count() >= 0, "a duration is not negative");
    Require(base::ParseDuration(base::FormatDuration(*span)) == span, "a duration is written and read again");
  }
  return 0;
}
