// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/field_limits.h"

#include <algorithm>

#include "base/text.h"

namespace engine::vendors::aws {
namespace {

constexpr std::size_t kMaxTags = 50;
constexpr std::size_t kMaxKey = 128;
constexpr std::size_t kMaxValue = 256;

bool IsLowerOrDigit(char one) { return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9'); }

// Characters are counted, not octets.
std::size_t Length(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char one) { return (static_cast<unsigned char>(one) & 0xC0U) != 0x80U; }));
}

// Letters and digits of any script, spaces, and some signs.
bool IsTagText(std::string_view text) {
  constexpr std::string_view kSigns = " _.:/=+-@";
  return std::all_of(text.begin(), text.end(), [&](char one) {
    return IsLowerOrDigit(one) || (one >= 'A' && one <= 'Z') || (static_cast<unsigned char>(one) & 0x80U) != 0 ||
           kSigns.find(one) != std::string_view::npos;
  });
}

}  // namespace

std::string CheckRegion(std::string_view region) {
  const bool fits = std::all_of(region.begin(), region.end(), [](char one) { return IsLowerOrDigit(one) || one == '-'; }) &&
                    region.find('-') != std::string_view::npos && region.front() >= 'a' && region.front() <= 'z' &&
                    region.back() >= '0' && region.back() <= '9';
  return fits ? "" : "Expected a region such as `eu-west-1`.";
}

void CheckAwsLimits(const sync::Settings& settings, std::size_t own, std::vector<connections::FieldProblem>& problems) {
  const std::string_view region = settings.Text("region");
  if (std::string problem = region.empty() ? "" : CheckRegion(region); !problem.empty()) {
    problems.push_back({"region", std::move(problem)});
  }
  const auto& tags = settings.Map("tags");
  if (tags.size() + own > kMaxTags) {
    problems.push_back({"tags", base::Cat("AWS takes ", kMaxTags, " tags, and ", own, " of them are Certwright's: leave ",
                                          tags.size() + own - kMaxTags, " out.")});
  }
  for (const auto& [key, value] : tags) {
    const bool fits = !key.empty() && Length(key) <= kMaxKey && Length(value) <= kMaxValue && IsTagText(key) && IsTagText(value);
    if (fits) continue;
    problems.push_back({"tags", base::Cat("AWS does not take the tag \"", base::Printable(key, kMaxKey), "\": a key has 1 to ",
                                          kMaxKey, " characters and a value at most ", kMaxValue,
                                          ", each a letter, a digit, a space, or one of _ . : / = + - @.")});
  }
}

}  // namespace engine::vendors::aws
