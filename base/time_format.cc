// SPDX-License-Identifier: MPL-2.0
#include "base/time_format.h"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/text.h"

namespace base {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

std::string Padded(std::int64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

struct Fields {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

Fields FieldsOf(TimePoint when) {
  const auto whole = floor<seconds>(when);
  const auto midnight = floor<std::chrono::days>(whole);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(whole - midnight);
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

std::string ClockOf(const Fields& at) { return Cat(Padded(at.hour, 2), ':', Padded(at.minute, 2), ':', Padded(at.second, 2)); }

// Beyond these years nanoseconds since 1970 do not fit TimePoint's 64 bits.
bool IsRepresentable(int year) { return year >= 1678 && year <= 2261; }

// Empty when there is no such time. A leap second counts as the second before it: system_clock has none.
std::optional<TimePoint> TimeOf(const Fields& at) {
  const std::chrono::year_month_day date(std::chrono::year(at.year), std::chrono::month(static_cast<unsigned>(at.month)),
                                         std::chrono::day(static_cast<unsigned>(at.day)));
  if (!date.ok() || !IsRepresentable(at.year) || at.hour > 23 || at.minute > 59 || at.second > 60) return std::nullopt;
  const int second = at.second == 60 ? 59 : at.second;
  return TimePoint(std::chrono::sys_days(date) + std::chrono::hours(at.hour) + std::chrono::minutes(at.minute) + seconds(second));
}

// Reads a text from the left; once something did not fit, everything after fails too.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool failed() const { return failed_; }
  bool done() const { return !failed_ && rest_.empty(); }
  bool StartsWith(char c) const { return !failed_ && rest_.starts_with(c); }

  void Expect(std::string_view literal) {
    failed_ = failed_ || !rest_.starts_with(literal);
    if (!failed_) rest_.remove_prefix(literal.size());
  }

  bool Take(char c) {
    if (!StartsWith(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  int Digits(std::size_t count) {
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number * 10 + Digit();
    return number;
  }

  // A run of digits, at least one.
  void SkipDigits() {
    Digit();
    while (!failed_ && !rest_.empty() && IsDigit(rest_.front())) rest_.remove_prefix(1);
  }

  // The index of the name that comes next; `length` cuts the names.
  template <std::size_t N>
  int OneOf(const std::array<std::string_view, N>& names, std::size_t length) {
    for (std::size_t i = 0; i < N && !failed_; ++i) {
      const std::string_view name = names[i].substr(0, length);
      if (!rest_.starts_with(name)) continue;
      rest_.remove_prefix(name.size());
      return static_cast<int>(i);
    }
    failed_ = true;
    return 0;
  }

  void Clock(Fields& at) {
    at.hour = Digits(2);
    Expect(":");
    at.minute = Digits(2);
    Expect(":");
    at.second = Digits(2);
  }

 private:
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }

  int Digit() {
    failed_ = failed_ || rest_.empty() || !IsDigit(rest_.front());
    if (failed_) return 0;
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }

  std::string_view rest_;
  bool failed_ = false;
};

std::optional<TimePoint> Finish(const Scanner& scanner, const Fields& at) { return scanner.done() ? TimeOf(at) : std::nullopt; }

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<TimePoint> ParseImfFixdate(std::string_view text) {
  Scanner scanner(text);
  Fields at;
  scanner.OneOf(kDays, 3);
  scanner.Expect(", ");
  at.day = scanner.Digits(2);
  scanner.Expect(" ");
  at.month = scanner.OneOf(kMonths, 3) + 1;
  scanner.Expect(" ");
  at.year = scanner.Digits(4);
  scanner.Expect(" ");
  scanner.Clock(at);
  scanner.Expect(" GMT");
  return Finish(scanner, at);
}

// Sunday, 06-Nov-94 08:49:37 GMT. RFC 9110 takes a year over 50 years ahead for the past one; so that the answer does not hang
// on the clock, 70 to 99 are 19xx here: nothing that this program meets is dated before 1970 or after 2069.
std::optional<TimePoint> ParseRfc850(std::string_view text) {
  Scanner scanner(text);
  Fields at;
  scanner.OneOf(kDays, std::string_view::npos);
  scanner.Expect(", ");
  at.day = scanner.Digits(2);
  scanner.Expect("-");
  at.month = scanner.OneOf(kMonths, 3) + 1;
  scanner.Expect("-");
  const int year = scanner.Digits(2);
  at.year = year + (year < 70 ? 2000 : 1900);
  scanner.Expect(" ");
  scanner.Clock(at);
  scanner.Expect(" GMT");
  return Finish(scanner, at);
}

// Sun Nov  6 08:49:37 1994
std::optional<TimePoint> ParseAsctime(std::string_view text) {
  Scanner scanner(text);
  Fields at;
  scanner.OneOf(kDays, 3);
  scanner.Expect(" ");
  at.month = scanner.OneOf(kMonths, 3) + 1;
  scanner.Expect(" ");
  at.day = scanner.Take(' ') ? scanner.Digits(1) : scanner.Digits(2);
  scanner.Expect(" ");
  scanner.Clock(at);
  scanner.Expect(" ");
  at.year = scanner.Digits(4);
  return Finish(scanner, at);
}

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

// "ms" before "m": the longer name must be tried first.
constexpr std::array<Unit, 4> kUnits = {{{"ms", 1}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}}};

// One "1.5h" at the start of `text`, taken off it. Empty when there is none or it does not fit.
std::optional<std::int64_t> TakeSpan(std::string_view& text) {
  std::int64_t whole = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (failure != std::errc{} || whole < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
      // Digits from the tenth on are less than a millisecond, even of an hour.
      if (denominator >= 1'000'000'000) continue;
      numerator = numerator * 10 + (text.front() - '0');
      denominator *= 10;
    }
  }
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    std::int64_t span = 0;
    if (__builtin_mul_overflow(whole, unit.milliseconds, &span)) return std::nullopt;
    if (__builtin_add_overflow(span, numerator * unit.milliseconds / denominator, &span)) return std::nullopt;
    return span;
  }
  return std::nullopt;
}

}  // namespace

std::string FormatRfc3339(TimePoint when) {
  const Fields at = FieldsOf(when);
  return Cat(Padded(at.year, 4), '-', Padded(at.month, 2), '-', Padded(at.day, 2), 'T', ClockOf(at), 'Z');
}

std::string FormatHttpDate(TimePoint when) {
  const Fields at = FieldsOf(when);
  const std::chrono::weekday day(floor<std::chrono::days>(when));
  return Cat(kDays[day.c_encoding()].substr(0, 3), ", ", Padded(at.day, 2), ' ', kMonths[static_cast<std::size_t>(at.month - 1)],
             ' ', Padded(at.year, 4), ' ', ClockOf(at), " GMT");
}

std::optional<TimePoint> ParseRfc3339(std::string_view text) {
  // RFC 3339 section 5.6: T and Z may be lower case, and a space may stand for T.
  const std::string upper = [&] {
    std::string copy = ToLower(text);
    if (copy.size() > 10 && copy[10] == ' ') copy[10] = 't';
    return copy;
  }();
  Scanner scanner(upper);
  Fields at;
  at.year = scanner.Digits(4);
  scanner.Expect("-");
  at.month = scanner.Digits(2);
  scanner.Expect("-");
  at.day = scanner.Digits(2);
  scanner.Expect("t");
  scanner.Clock(at);
  if (scanner.Take('.')) scanner.SkipDigits();
  std::chrono::minutes offset{0};
  if (!scanner.Take('z')) {
    const bool west = scanner.StartsWith('-');
    scanner.Expect(west ? "-" : "+");
    const int hours = scanner.Digits(2);
    scanner.Expect(":");
    const int minutes = scanner.Digits(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = (std::chrono::hours(hours) + std::chrono::minutes(minutes)) * (west ? -1 : 1);
  }
  const auto local = Finish(scanner, at);
  if (!local || !IsRepresentable(FieldsOf(*local - offset).year)) return std::nullopt;
  return *local - offset;
}

std::optional<TimePoint> ParseHttpDate(std::string_view text) {
  if (const auto when = ParseImfFixdate(text)) return when;
  if (const auto when = ParseRfc850(text)) return when;
  return ParseAsctime(text);
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds(0);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto span = TakeSpan(text);
    if (!span || __builtin_add_overflow(total, *span, &total)) return std::nullopt;
  }
  return std::chrono::milliseconds(total);
}

std::string FormatDuration(std::chrono::milliseconds span) {
  std::int64_t left = span.count();
  if (left == 0) return "0s";
  std::string out;
  for (const Unit& unit : {kUnits[1], kUnits[2], kUnits[3], kUnits[0]}) {
    if (left >= unit.milliseconds) out.append(Cat(left / unit.milliseconds, unit.name));
    left %= unit.milliseconds;
  }
  return out;
}

}  // namespace base
