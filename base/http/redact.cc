// SPDX-License-Identifier: MPL-2.0
#include "base/http/redact.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/url.h"

namespace base::http {
namespace {

constexpr std::array<std::string_view, 10> kLoggable = {
    "cf-ray",           "content-length",   "content-type",    "date",         "retry-after", "server",
    "x-amz-request-id", "x-amzn-requestid", "x-ms-request-id", "x-request-id",
};
constexpr std::size_t kLongestValue = 200;
constexpr std::size_t kLongestUrl = 300;

}  // namespace

bool IsLoggableHeader(std::string_view name) {
  return std::find(kLoggable.begin(), kLoggable.end(), ToLower(name)) != kLoggable.end();
}

std::string LoggableHeaders(const std::vector<Header>& headers) {
  std::vector<std::string> lines;
  for (const Header& header : headers) {
    if (IsLoggableHeader(header.name)) lines.push_back(Cat(ToLower(header.name), ": ", Printable(header.value, kLongestValue)));
  }
  return Join(lines, "; ");
}

std::string LoggableUrl(std::string_view url) { return Printable(WithoutQuery(url), kLongestUrl); }

}  // namespace base::http
